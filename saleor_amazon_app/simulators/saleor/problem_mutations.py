"""The mutations on app problems, which hosts know from 3.22.36 on."""

import strawberry

from saleor_amazon_app.simulators.saleor.app_problems import dismiss_problems, report_problem
from saleor_amazon_app.simulators.saleor.schema.access import Info, PermissionDenied
from saleor_amazon_app.simulators.saleor.schema.people import App
from saleor_amazon_app.simulators.saleor.schema.problems import (
    AppProblemCreate,
    AppProblemCreateError,
    AppProblemCreateInput,
    AppProblemDismiss,
    AppProblemDismissError,
    AppProblemDismissInput,
)
from saleor_amazon_app.simulators.saleor.schema.reasons import Refused
from saleor_amazon_app.simulators.saleor.schema.words import (
    AppProblemCreateErrorCode,
    AppProblemDismissErrorCode,
)


@strawberry.type
class ProblemMutations:
    """What an app tells the staff who look after apps."""

    @strawberry.mutation
    def app_problem_create(
        self, info: Info, input: AppProblemCreateInput
    ) -> AppProblemCreate | None:
        """Reports a problem of the app that asks."""
        try:
            made = report_problem(info.context.shop, _asking(info), input)
        except Refused as refused:
            codes = AppProblemCreateErrorCode
            return AppProblemCreate(
                errors=[
                    AppProblemCreateError(
                        field=reason.field, message=reason.message, code=codes[reason.code]
                    )
                    for reason in refused.reasons
                ]
            )
        return AppProblemCreate(app_problem=made)

    @strawberry.mutation
    def app_problem_dismiss(
        self, info: Info, input: AppProblemDismissInput
    ) -> AppProblemDismiss | None:
        """Takes problems of the app that asks off the list."""
        try:
            dismiss_problems(info.context.shop, _asking(info), input.by_app)
        except Refused as refused:
            codes = AppProblemDismissErrorCode
            return AppProblemDismiss(
                errors=[
                    AppProblemDismissError(
                        field=reason.field, message=reason.message, code=codes[reason.code]
                    )
                    for reason in refused.reasons
                ]
            )
        return AppProblemDismiss()


def _asking(info: Info) -> App:
    if info.context.app is None:
        raise PermissionDenied(("AUTHENTICATED_APP",))
    return info.context.app

import subprocess
import sys


def test_starting_loads_no_database_and_no_web_server() -> None:
    # given: what takes long to load, and what neither help nor preview needs
    slow = [
        "alembic",
        "fastapi",
        "graphql",
        "procrastinate",
        "rich",
        "sqlalchemy",
        "strawberry",
        "uvicorn",
    ]
    program = (
        "import sys, saleor_amazon_app.__main__\n"
        f"print([name for name in {slow} if name in sys.modules])"
    )

    # when
    started = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )

    # then
    assert started.stdout.strip() == "[]"

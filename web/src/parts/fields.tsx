// Form fields with a label and, below, what the choice means.
import { Box, Input, Select, Text } from "@saleor/macaw-ui";
import { type ReactNode, useId } from "react";

type Common = {
  label: string;
  help?: ReactNode;
  disabled?: boolean;
  error?: string | null;
  size?: "small" | "medium" | "large";
};

function Below({ id, help, error }: { id: string; help?: ReactNode; error?: string | null }) {
  if (help === undefined && !error) return null;
  return (
    <div id={id} className={error ? "below wrong" : "below quiet"}>
      {error ?? help}
    </div>
  );
}

export type Option = { value: string; label: string };
type ChoiceProps = Common & {
  value: string;
  options: readonly Option[];
  onChange: (value: string) => void;
};

/** One of several; an unknown value that is set already stays among the options. */
export function Choice(props: ChoiceProps) {
  const { label, help, error, disabled, size, value, options, onChange } = props;
  const helpId = useId();
  const isKnown = options.some((option) => option.value === value);
  const all = isKnown || value === "" ? [...options] : [...options, { value, label: value }];
  return (
    // Macaw hands these two on to where no one hears them.
    <Box role="group" aria-disabled={disabled} aria-describedby={helpId}>
      <Select
        label={label}
        value={all.find((option) => option.value === value) ?? null}
        options={all}
        size={size}
        disabled={disabled}
        error={Boolean(error)}
        onChange={(option: Option) => {
          onChange(option.value);
        }}
      />
      <Below id={helpId} help={help} error={error} />
    </Box>
  );
}

type TextProps = Common & {
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "number" | "date" | "password";
  min?: number;
  max?: number;
  inputMode?: "decimal" | "text";
  autoComplete?: string;
  required?: boolean;
};

export function TextField({ help, error, onChange, autoComplete = "off", ...rest }: TextProps) {
  const helpId = useId();
  return (
    <Box>
      <Input
        {...rest}
        autoComplete={autoComplete}
        // Macaw gives every input the role "input", which there is not.
        role={undefined}
        error={Boolean(error)}
        aria-describedby={helpId}
        aria-invalid={Boolean(error)}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
      <Below id={helpId} help={help} error={error} />
    </Box>
  );
}

/** A part of a form: what it is about on the left, its fields on the right. */
export function FieldGroup({
  title,
  note,
  children,
}: {
  title: string;
  note?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="fieldGroup" aria-label={title}>
      <div>
        <Text as="h2" size={4} fontWeight="medium">
          {title}
        </Text>
        {note !== undefined && (
          <Text as="p" size={2} className="quiet">
            {note}
          </Text>
        )}
      </div>
      <div className="fields">{children}</div>
    </section>
  );
}

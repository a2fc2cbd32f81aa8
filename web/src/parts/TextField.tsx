// A line to type into, as the dashboard's own forms have them.
import { Input } from "@saleor/macaw-ui";
import type { InputHTMLAttributes } from "react";

type Kind = "text" | "date" | "email" | "password" | "number";
type Props = {
  label: string;
  value: string;
  change: (value: string) => void;
  type?: Kind;
  error?: string | null;
  help?: string;
} & Pick<
  InputHTMLAttributes<HTMLInputElement>,
  "autoComplete" | "disabled" | "inputMode" | "maxLength" | "name" | "required" | "spellCheck"
>;

export function TextField({ label, value, change, type = "text", error, help, ...rest }: Props) {
  return (
    <div className="field">
      <Input
        {...rest}
        size="small"
        type={type}
        label={label}
        value={value}
        // Macaw gives every input the role "input", which there is not.
        role={undefined}
        error={Boolean(error)}
        aria-invalid={Boolean(error)}
        helperText={error ?? help}
        onChange={(event) => {
          change(event.target.value);
        }}
      />
    </div>
  );
}

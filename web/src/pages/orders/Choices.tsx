// Some of a few things: a group of boxes to tick, which the keyboard walks through as through any.
import { Checkbox, Text } from "@saleor/macaw-ui";

type Option<Value> = { value: Value; label: string };
type Props<Value> = {
  label: string;
  options: readonly Option<Value>[];
  chosen: readonly Value[];
  choose: (chosen: Value[]) => void;
};

export function Choices<Value extends string>({ label, options, chosen, choose }: Props<Value>) {
  return (
    <fieldset className="choices">
      <legend>{label}</legend>
      {options.map(({ value, label: words }) => (
        <Checkbox
          key={value}
          checked={chosen.includes(value)}
          onCheckedChange={(isChosen) => {
            const others = chosen.filter((each) => each !== value);
            choose(isChosen === true ? [...others, value] : others);
          }}
        >
          <Text size={3}>{words}</Text>
        </Checkbox>
      ))}
    </fieldset>
  );
}

// Some of a few things: a group of boxes to tick, which the keyboard walks through as through any.
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
        <label key={value} className="tick">
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={(event) => {
              const others = chosen.filter((each) => each !== value);
              choose(event.target.checked ? [...others, value] : others);
            }}
          />
          {words}
        </label>
      ))}
    </fieldset>
  );
}

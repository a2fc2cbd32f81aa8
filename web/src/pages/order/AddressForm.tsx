// The address of a held order, for staff to correct: saved, it is looked at again at once.
import { Box, Button, Text } from "@saleor/macaw-ui";
import { type FormEvent, useState } from "react";

import { useDeed } from "../../api/act";
import { notify, useBridge } from "../../dashboard/bridge";
import { useWords } from "../../messages";
import { Choice, TextField } from "../../parts/fields";
import { Section } from "../../parts/Page";
import { ProblemNote } from "../../parts/ProblemNote";
import { Amazons } from "./AddressShown";
import { COUNTRIES } from "./countries";
import { EditAddress } from "./deeds";
import type { OrderShipping } from "./documents";
import { country } from "../../format/words";

const FIELDS = ["name", "line1", "line2", "postalCode", "city", "state", "countryCode"] as const;
type Name = (typeof FIELDS)[number];
type Draft = Record<Name, string>;
type Wrong = Partial<Record<string, string>>;

const draftOf = (order: OrderShipping): Draft =>
  Object.fromEntries(FIELDS.map((name) => [name, order.address?.[name] ?? ""])) as Draft;

const byField = (problems: readonly { field: string; message: string }[]): Wrong =>
  Object.fromEntries(problems.map(({ field, message }) => [field, message]));

export function AddressForm({ order }: { order: OrderShipping }) {
  const { say, locale } = useWords();
  const bridge = useBridge();
  const { run, busy, problem } = useDeed(EditAddress);
  const [draft, setDraft] = useState<Draft>(() => draftOf(order));
  const change = (name: Name) => (value: string) => {
    setDraft((before) => ({ ...before, [name]: value }));
  };
  const refused = problem ? byField(problem.fields ?? []) : null;
  const wrong = refused ?? byField(order.addressProblems);
  const elsewhere = Object.entries(wrong).filter(([field]) => !FIELDS.includes(field as Name));

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const done = await run({ orderId: order.id, address: draft });
    if (done) notify(bridge, "success", say("address.saved"), say("order.retried.text"));
  };

  return (
    <Section title={say("address")} note={say("address.held")}>
      <form onSubmit={(event) => void save(event)}>
        <div className="fields">
          {elsewhere.map(([field, message]) => (
            <Text key={field} as="p" size={3} role="alert" className="below wrong">
              {message}
            </Text>
          ))}
          {FIELDS.map((name) =>
            name === "countryCode" ? (
              <Choice
                key={name}
                label={say("address.countryCode")}
                value={draft.countryCode}
                options={COUNTRIES.map((code) => ({ value: code, label: country(code, locale) }))}
                error={wrong.countryCode ?? null}
                onChange={change(name)}
              />
            ) : (
              <TextField
                key={name}
                label={say(`address.${name}`)}
                value={draft[name]}
                error={wrong[name] ?? null}
                onChange={change(name)}
              />
            ),
          )}
          {problem && !Object.keys(refused ?? {}).length && <ProblemNote problem={problem} />}
          <Box display="flex" justifyContent="flex-end">
            <Button type="submit" disabled={busy}>
              {say("address.save")}
            </Button>
          </Box>
        </div>
      </form>
      <Amazons order={order} />
    </Section>
  );
}

// The keys of the merchant's own private app, as Amazon shows them.
import { useSay } from "../../messages";
import { TextField } from "../../parts/fields";

export type Keys = { clientId: string; clientSecret: string; refreshToken: string };
export const NO_KEYS: Keys = { clientId: "", clientSecret: "", refreshToken: "" };

type Props = {
  keys: Keys;
  change: (part: Partial<Keys>) => void;
  wrong?: { field: string | null; message: string } | null;
  isRenewal?: boolean;
};

export function Credentials({ keys, change, wrong, isRenewal = false }: Props) {
  const say = useSay();
  const error = (field: keyof Keys) => (wrong?.field === field ? wrong.message : null);
  return (
    <>
      <TextField
        label={say("credentials.clientId")}
        help={say(isRenewal ? "credentials.same" : "credentials.clientId.help")}
        required={!isRenewal}
        value={keys.clientId}
        error={error("clientId")}
        onChange={(clientId) => {
          change({ clientId });
        }}
      />
      <TextField
        type="password"
        label={say("credentials.clientSecret")}
        help={say(isRenewal ? "credentials.same" : "credentials.clientSecret.help")}
        required={!isRenewal}
        autoComplete="new-password"
        value={keys.clientSecret}
        error={error("clientSecret")}
        onChange={(clientSecret) => {
          change({ clientSecret });
        }}
      />
      <TextField
        type="password"
        label={say("credentials.refreshToken")}
        help={say("credentials.refreshToken.help")}
        required
        autoComplete="new-password"
        value={keys.refreshToken}
        error={error("refreshToken")}
        onChange={(refreshToken) => {
          change({ refreshToken });
        }}
      />
    </>
  );
}

// What stood in the way of a deed, and what to do about it, beside the form it came from.
import { Box, Text } from "@saleor/macaw-ui";

import type { Problem } from "../api/act";

export function ProblemNote({ problem }: { problem: Problem | null }) {
  if (!problem) return null;
  return (
    <Box role="alert" className="problem" padding={3}>
      <Text as="p" size={3} fontWeight="medium" className="inherit">
        {problem.message}
      </Text>
      {problem.whatToDo !== null && (
        <Text as="p" size={3} className="inherit">
          {problem.whatToDo}
        </Text>
      )}
    </Box>
  );
}

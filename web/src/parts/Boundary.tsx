// The last net: a defect of a page is shown as one, and the way out is in sight.
import { Component, type ErrorInfo, type ReactNode } from "react";

import { Broken } from "./states";

type Props = { children: ReactNode; at?: string };

export class Boundary extends Component<Props, { failed: boolean }> {
  state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  componentDidUpdate(before: Props): void {
    // Another page may well be sound.
    if (this.state.failed && before.at !== this.props.at) this.setState({ failed: false });
  }

  render(): ReactNode {
    return this.state.failed ? <Broken /> : this.props.children;
  }
}

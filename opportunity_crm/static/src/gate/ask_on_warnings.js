import { user } from "@web/core/user";

// Somebody sits before this screen and can answer: the server asks about warnings instead of passing them.
user.updateContext({ opportunity_gate_ask: true });

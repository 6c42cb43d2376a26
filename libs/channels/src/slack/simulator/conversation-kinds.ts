import type { Arguments } from './call.js';
import { scopeFor } from './methods.js';
import { Refusal } from './refusal.js';
import type { ChannelKind } from './state.js';

const kinds: readonly ChannelKind[] = ['public_channel', 'private_channel', 'im', 'mpim'];

/** The `types` asked for, public channels by default, each with the scope that it needs; throws `invalid_types`. */
export function kindsOf(args: Arguments): readonly { readonly kind: ChannelKind; readonly scope: string }[] {
  const types = args.list('types') ?? [];
  return (types.length > 0 ? types : ['public_channel']).map((type) => {
    const kind = kinds.find((one) => one === type);
    if (!kind) throw new Refusal('invalid_types');
    return { kind, scope: scopeFor(kind, 'read') };
  });
}

import type { Decision } from '../decision.js';
import type { MessageBlock } from '../message.js';
import { numberInput } from './said-inputs.js';

/** An input of the decision, its label, and how its number is written. */
type NumberField = readonly [input: string, label: string, written: (count: number) => string];

/** Those numbers side by side that the decision has; what is zero is not worth a field, except the first. */
export function numberFields(decision: Decision, fields: readonly NumberField[]): readonly MessageBlock[] {
  const shown = fields.flatMap(([input, label, written], index) => {
    const value = numberInput(decision, input);
    return value === undefined || (value === 0 && index > 0) ? [] : [{ label, value: written(value) }];
  });
  return shown.length === 0 ? [] : [{ type: 'fields', fields: shown }];
}

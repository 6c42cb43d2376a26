export { composeConnectionMessage } from './compose.js';
export { connectionMessages } from './phrases.js';
export { numberOfConnection } from './section.js';

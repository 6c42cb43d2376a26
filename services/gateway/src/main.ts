import { serve } from '#connections';
import { GatewayModule } from './gateway.module.js';

await serve('gateway', GatewayModule, process.env);

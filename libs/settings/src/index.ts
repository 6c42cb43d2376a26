export { secretsManager, type SecretsManagerOptions } from './aws-secrets.js';
export { readProcessSettings, type ProcessSettings, type SecretsSettings } from './process-settings.js';
export {
  readSettings,
  SettingsError,
  type Environment,
  type SettingsPart,
  type SettingsProblem,
} from './read-settings.js';
export { resolveSettings } from './resolve-settings.js';
export { Secret } from './secret.js';
export { veil } from './veil.js';
export {
  createSecrets,
  MemorySecrets,
  SecretError,
  Secrets,
  type MissingSecret,
  type SecretStore,
} from './secrets.js';

/** As far as the chart's tests look into objects of Kubernetes; their schemas are checked elsewhere. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata & { readonly name: string; readonly namespace?: string };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
}

export interface Metadata {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface PodTemplate {
  readonly metadata: Metadata;
  readonly spec: PodSpec;
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly terminationGracePeriodSeconds?: number;
  readonly restartPolicy?: string;
  readonly topologySpreadConstraints?: readonly { readonly labelSelector?: Selector }[];
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
}

export interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
}

interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
  }[];
  readonly envFrom?: readonly {
    readonly secretRef?: { readonly name: string };
    readonly configMapRef?: { readonly name: string };
  }[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, unknown>>;
    readonly limits?: Readonly<Record<string, unknown>>;
  };
  readonly ports?: readonly { readonly name?: string; readonly hostPort?: number }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface Volume extends Readonly<Record<string, unknown>> {
  readonly name: string;
  readonly secret?: { readonly secretName: string };
  readonly configMap?: { readonly name: string };
}

/** `Deployment carillon-rules`. */
export const titleOf = ({ kind, metadata }: KubernetesObject): string => `${kind} ${metadata.name}`;

/** The pods that an object makes. */
export function podOf({ kind, spec }: KubernetesObject): PodTemplate | undefined {
  if (kind === 'Deployment' || kind === 'Job') return spec?.['template'] as PodTemplate;
  if (kind !== 'CronJob') return undefined;
  return (spec as { jobTemplate: { spec: { template: PodTemplate } } }).jobTemplate.spec.template;
}

export const containersOf = ({ spec }: PodTemplate): readonly Container[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
];

/** The moments at which an object is made as a hook, and its place among those of the same moment; undefined where it is none. */
export function hookOf({ metadata: { annotations = {} } }: KubernetesObject) {
  const events = annotations['helm.sh/hook']?.split(',');
  if (!events) return undefined;
  return {
    events,
    weight: Number(annotations['helm.sh/hook-weight'] ?? 0),
    policies: (annotations['helm.sh/hook-delete-policy'] ?? 'before-hook-creation').split(','),
  };
}

export const matches = (selector: Selector | undefined, labels: Metadata['labels']): boolean =>
  Object.entries(selector?.matchLabels ?? {}).every(([label, value]) => labels?.[label] === value);

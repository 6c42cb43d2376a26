import { endingMs } from '#runtime';
import {
  containersOf,
  podOf,
  titleOf,
  type Container,
  type KubernetesObject,
  type PodTemplate,
} from './kubernetes-object.js';

/** Kinds of volumes that `restricted` allows. */
const volumeKinds = [
  ...[
    'configMap',
    'csi',
    'downwardAPI',
    'emptyDir',
    'ephemeral',
    'persistentVolumeClaim',
    'projected',
    'secret',
  ],
];

/** What a process needs at the most to end by itself: to drain, to close, and to send its last telemetry. */
const ENDING_SECONDS = Object.values(endingMs).reduce((sum, ms) => sum + ms, 0) / 1000;

/** Everything of an object's pods that breaks a policy, in words. */
export function policyProblems(object: KubernetesObject): readonly string[] {
  const pod = podOf(object);
  if (!pod) return [];
  const problems = [
    ...podProblems(pod),
    ...containersOf(pod).flatMap((container) =>
      containerProblems(container).map((problem) => `container ${container.name}: ${problem}`),
    ),
    ...(object.kind === 'Deployment' ? serviceProblems(object, pod) : jobProblems(object, pod)),
  ];
  return problems.map((problem) => `${titleOf(object)}: ${problem}`);
}

type Rule = readonly [holds: boolean, problem: string];
const broken = (rules: readonly Rule[]): readonly string[] =>
  rules.filter(([holds]) => !holds).map(([, problem]) => problem);

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
const podProblems = ({ spec }: PodTemplate): readonly string[] =>
  broken([
    [spec.securityContext?.['runAsNonRoot'] === true, 'may run as root'],
    [spec.securityContext?.['runAsUser'] !== 0, 'runs as root'],
    [seccompOf(spec.securityContext) === 'RuntimeDefault', 'has no seccomp profile'],
    [!spec.hostNetwork && !spec.hostPID && !spec.hostIPC, 'shares something of its node'],
    [spec.automountServiceAccountToken === false, 'gets a token of the API that it does not need'],
    ...(spec.volumes ?? []).map((volume): Rule => [
      Object.keys(volume).every((key) => key === 'name' || volumeKinds.includes(key)),
      `volume ${volume.name} is of a kind that is not allowed`,
    ]),
  ]);

const containerProblems = ({ securityContext = {}, resources, image, ports }: Container): readonly string[] =>
  broken([
    [securityContext['allowPrivilegeEscalation'] === false, 'may gain privileges'],
    [securityContext['privileged'] === undefined, 'is privileged'],
    [securityContext['readOnlyRootFilesystem'] === true, 'may write to its root file system'],
    [securityContext['runAsNonRoot'] === true, 'may run as root'],
    [JSON.stringify(securityContext['capabilities']) === '{"drop":["ALL"]}', 'keeps capabilities'],
    [seccompOf(securityContext) === 'RuntimeDefault', 'has no seccomp profile'],
    [resources?.requests?.['cpu'] !== undefined, 'asks for no CPU'],
    [resources?.requests?.['memory'] !== undefined, 'asks for no memory'],
    [resources?.limits?.['memory'] !== undefined, 'has no limit of memory'],
    [
      /(:[^/]+|@sha256:[0-9a-f]{64})$/.test(image) && !image.endsWith(':latest'),
      `has an image without a version: ${image}`,
    ],
    [(ports ?? []).every(({ hostPort }) => hostPort === undefined), 'takes a port of its node'],
  ]);

const seccompOf = (context: Readonly<Record<string, unknown>> = {}): unknown =>
  (context['seccompProfile'] as { readonly type?: string } | undefined)?.type;

const serviceProblems = ({ spec }: KubernetesObject, pod: PodTemplate): readonly string[] => {
  const [service] = pod.spec.containers;
  return broken([
    [service?.startupProbe?.httpGet?.path === '/healthz', 'has no startup probe'],
    [service?.livenessProbe?.httpGet?.path === '/healthz', 'has no liveness probe'],
    [service?.readinessProbe?.httpGet?.path === '/readyz', 'has no readiness probe'],
    [(service?.ports ?? []).some(({ name }) => name === 'http'), 'has no port that probes can ask'],
    [(pod.spec.terminationGracePeriodSeconds ?? 0) > ENDING_SECONDS, 'is ended before it has finished'],
    [(pod.spec.topologySpreadConstraints ?? []).length > 0, 'may have all its replicas on one node'],
    [spec?.['strategy'] !== undefined, 'does not say how it is replaced'],
  ]);
};

const jobProblems = (object: KubernetesObject, pod: PodTemplate): readonly string[] => {
  const job = (
    object.kind === 'Job'
      ? object.spec
      : (object.spec as { jobTemplate: { spec: Readonly<Record<string, unknown>> } }).jobTemplate.spec
  ) as Readonly<Record<string, unknown>> | undefined;
  return broken([
    [typeof job?.['activeDeadlineSeconds'] === 'number', 'may run for ever'],
    [typeof job?.['backoffLimit'] === 'number', 'does not say how often it is tried again'],
    [pod.spec.restartPolicy === 'Never', 'is restarted in place, where its log is lost'],
    [
      JSON.stringify(job?.['podFailurePolicy'] ?? '').includes('"values":[2]'),
      'tries wrong configuration again',
    ],
  ]);
};

import {
  containersOf,
  hookOf,
  matches,
  podOf,
  titleOf,
  type KubernetesObject,
  type PodTemplate,
  type Selector,
} from './kubernetes-object.js';

/** The objects that a pod cannot start without: `Secret db`. */
export function neededBy({ spec, ...pod }: PodTemplate): readonly string[] {
  const named = (kind: string, name: string | undefined): readonly string[] =>
    name ? [`${kind} ${name}`] : [];
  const account = spec.serviceAccountName ?? 'default';
  const all = [
    ...(account === 'default' ? [] : [`ServiceAccount ${account}`]),
    ...(spec.imagePullSecrets ?? []).flatMap(({ name }) => named('Secret', name)),
    ...(spec.volumes ?? []).flatMap(({ secret, configMap }) => [
      ...named('Secret', secret?.secretName),
      ...named('ConfigMap', configMap?.name),
    ]),
    ...containersOf({ spec, ...pod }).flatMap(({ env = [], envFrom = [] }) => [
      ...env.flatMap(({ valueFrom }) => named('Secret', valueFrom?.secretKeyRef?.name)),
      ...envFrom.flatMap(({ secretRef, configMapRef }) => [
        ...named('Secret', secretRef?.name),
        ...named('ConfigMap', configMapRef?.name),
      ]),
    ]),
  ];
  return [...new Set(all)];
}

/** What an object stands for: an ExternalSecret for the Secret that is made of it. */
function madeBy(object: KubernetesObject): string {
  if (object.kind !== 'ExternalSecret') return titleOf(object);
  return `Secret ${(object.spec as { target: { name: string } }).target.name}`;
}

/**
 * What is not there when it is needed. A hook Job runs before the release's own objects, and finds only hooks of the same moment with a lower weight; what
 * runs afterwards must not need those, because they are deleted.
 */
export function missing(
  objects: readonly KubernetesObject[],
  external: readonly string[],
): readonly string[] {
  return objects.flatMap((object) => {
    const pod = podOf(object);
    if (!pod) return [];
    const hook = hookOf(object);
    return neededBy(pod).flatMap((needed) => {
      if (external.includes(needed)) return [];
      const made = objects.find((other) => madeBy(other) === needed);
      if (!made) return `${titleOf(object)} needs ${needed}, which nobody makes`;
      const before = hookOf(made);
      if (!hook) return before ? `${titleOf(object)} needs ${needed}, which is only there for hooks` : [];
      return hook.events
        .filter((event) => !before?.events.includes(event) || before.weight >= hook.weight)
        .map((event) => `${titleOf(object)} needs ${needed}, which is not there at ${event}`);
    });
  });
}

/** Selectors that select no pod of the release, or pods of more than they are meant for. */
export function selectorProblems(objects: readonly KubernetesObject[]): readonly string[] {
  const pods = objects.flatMap((object) => {
    const pod = podOf(object);
    return pod ? [{ title: titleOf(object), labels: pod.metadata.labels }] : [];
  });
  const selected = (selector: Selector | undefined): readonly string[] =>
    pods.filter(({ labels }) => matches(selector, labels)).map(({ title }) => title);
  return objects.flatMap((object): readonly string[] => {
    const title = titleOf(object);
    const selector = object.spec?.['selector'] as Selector | undefined;
    if (object.kind === 'Deployment') {
      const own = selected(selector);
      const spread = (podOf(object)?.spec.topologySpreadConstraints ?? []).every(
        ({ labelSelector }) => String(selected(labelSelector)) === title,
      );
      return [
        ...(String(own) === title ? [] : [`${title} selects ${own.join(', ') || 'nothing'}`]),
        ...(spread ? [] : [`${title} is spread by pods that are not its own`]),
      ];
    }
    if (object.kind === 'PodDisruptionBudget') {
      const meant = `Deployment ${object.metadata.name}`;
      return String(selected(selector)) === meant ? [] : [`${title} does not select the pods of ${meant}`];
    }
    if (object.kind === 'ServiceMonitor')
      return objects.some(({ kind, metadata }) => kind === 'Service' && matches(selector, metadata.labels))
        ? []
        : [`${title} selects no Service`];
    if (object.kind === 'ScaledObject' || object.kind === 'HorizontalPodAutoscaler') {
      const { name } = (object.spec as { scaleTargetRef: { name: string } }).scaleTargetRef;
      return objects.some((other) => titleOf(other) === `Deployment ${name}`)
        ? []
        : [`${title} scales ${name}, which is not there`];
    }
    return [];
  });
}

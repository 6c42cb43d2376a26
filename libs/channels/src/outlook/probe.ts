import { RemoteError, type Finding } from '#http';
import type { GraphMail } from './api.js';
import { wasAnswered } from './errors.js';
import { anyMails } from './schema.js';
import type { OutlookSettings } from './settings.js';

/** No mail has this id: to ask for it to be sent changes nothing, and only who may send is told that it is not there. */
const noMail = 'AAMkCarillonAsksOnly';

/** Whether the secret is good, and what of the permissions the app has in its mailbox. */
export async function probe(
  graph: GraphMail,
  settings: OutlookSettings,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  try {
    await graph.accessToken.get(signal);
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return [{ level: 'problem', about: 'client secret', message: error.message, remedy: signIn(error) }];
  }
  const { mailbox } = settings;
  const ok: Finding = {
    level: 'ok',
    about: 'client secret',
    message: 'Microsoft gives the app a token.',
  };
  const folder = await asked('Mail.ReadWrite', settings, () =>
    graph.ask(
      {
        label: 'reading the folder of sent mail',
        method: 'GET',
        path: 'mailFolders/sentitems/messages',
        query: { $top: '1', $select: 'id' },
        mailbox,
        signal,
      },
      anyMails,
    ),
  );
  // Where the mailbox is not there, or does not answer, nothing more can be learnt of it.
  if (folder.status !== 'granted' && folder.status !== 403) return [ok, ...folder.findings];
  const drafts =
    folder.status === 403
      ? folder
      : await asked('Mail.ReadWrite', settings, () =>
          unlessNotThere(
            graph.ask(
              {
                label: 'asking to write a draft',
                method: 'PATCH',
                path: `messages/${noMail}`,
                json: {},
                mailbox,
                signal,
              },
              anyMails,
            ),
          ),
        );
  const sending = await asked('Mail.Send', settings, () =>
    unlessNotThere(
      graph.tell({
        label: 'asking to send',
        method: 'POST',
        path: `messages/${noMail}/send`,
        mailbox,
        signal,
      }),
    ),
  );
  return [ok, ...drafts.findings, ...sending.findings];
}

interface Asked {
  readonly status: 'granted' | number | undefined;
  readonly findings: readonly Finding[];
}

/** What a call that needs a permission says about it. */
async function asked(
  permission: string,
  settings: OutlookSettings,
  call: () => Promise<unknown>,
): Promise<Asked> {
  const about = `${permission} in ${settings.mailbox}`;
  try {
    await call();
    return {
      status: 'granted',
      findings: [{ level: 'ok', about, message: `The app has ${permission} there.` }],
    };
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    const { status } = error;
    const finding: Finding =
      status === 403
        ? {
            level: 'problem',
            about,
            message: `The app lacks the application permission ${permission} there: ${error.message}`,
            remedy: grantOne(permission, settings),
          }
        : { level: 'problem', about, message: error.message, remedy: remedyFor(error) };
    return { status, findings: [finding] };
  }
}

/** That there is no such mail is said only to those who may do it. An id that is refused as one is the same. */
async function unlessNotThere(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    const isAboutTheMail =
      wasAnswered(error, 404, 400) &&
      (error.code === undefined ||
        error.code === 'ErrorItemNotFound' ||
        error.code === 'ErrorInvalidRequest');
    if (!isAboutTheMail) throw error;
  }
}

/**
 * A permission that is granted in Entra holds in every mailbox of the company; one that is granted in Exchange holds where its scope says.
 * https://learn.microsoft.com/exchange/permissions-exo/application-rbac
 */
const grantOne = (permission: string, { clientId, mailbox }: OutlookSettings): string =>
  [
    `grant it for this one mailbox in Exchange Online PowerShell: New-ServicePrincipal -AppId ${clientId} -ObjectId <Object ID of the enterprise application> -DisplayName Carillon;`,
    `New-ManagementScope -Name Carillon -RecipientRestrictionFilter "PrimarySmtpAddress -eq '${mailbox}'";`,
    `New-ManagementRoleAssignment -App ${clientId} -Role "Application ${permission}" -CustomResourceScope Carillon.`,
    `It takes up to two hours; Test-ServicePrincipalAuthorization -Identity ${clientId} -Resource ${mailbox} shows it.`,
    'Consent in Entra would cover every mailbox; if it is there, and an application access policy limits it, add the mailbox to the policy’s group',
  ].join(' ');

const signIn = ({ reason, code }: RemoteError): string => {
  if (reason !== 'unauthorized') return 'check `authority` and the network';
  switch (code) {
    case 'AADSTS7000215':
    case 'AADSTS7000222':
      return 'make a new client secret ("Certificates & secrets" of the app registration) and put its value, not its id, into the secret';
    case 'AADSTS700016':
      return 'check `clientId` and `tenant`: the app is not in this tenant, or nobody there has consented to it';
    case 'AADSTS90002':
      return 'check `tenant`: Microsoft knows none of this name';
    default:
      return 'check `tenant`, `clientId` and the secret, and whether the app is still there and enabled';
  }
};

const remedyFor = ({ status }: RemoteError): string =>
  status === 404
    ? 'check `mailbox`: it needs a licence or to be a shared mailbox, in Exchange Online'
    : status === 401
      ? 'check that `baseUrl` and `authority` are of the same cloud'
      : 'check `baseUrl` and the network; https://status.cloud.microsoft says how Exchange Online is';

import { folderNamed, type Context, type Handler } from './context.js';
import { badRequest } from './graph-error.js';
import { folderNames, type MailFolder } from './state.js';

type Resource = Readonly<Record<string, unknown>>;

function folderResource({ id, name }: MailFolder, { store, mailbox }: Context): Resource {
  const inIt = store.messages(mailbox.id).filter(({ folder }) => folder === name);
  return {
    id,
    displayName: folderNames[name],
    childFolderCount: 0,
    unreadItemCount: inIt.filter(({ isRead }) => !isRead).length,
    totalItemCount: inIt.length,
  };
}

function selectedOf(resource: Resource, { query }: Context): Resource {
  const names = query
    .text('$select')
    ?.split(',')
    .map((one) => one.trim());
  const unknown = names?.find((name) => !Object.hasOwn(resource, name));
  if (unknown !== undefined)
    throw badRequest(`Parsing OData Select and Expand failed: Could not find a property named '${unknown}'.`);
  return names
    ? Object.fromEntries(Object.entries(resource).filter(([name]) => name === 'id' || names.includes(name)))
    : resource;
}

/** https://learn.microsoft.com/graph/api/user-list-mailfolders [S] */
export const listFolders: Handler = (context) => ({
  status: 200,
  body: {
    value: context.mailbox.folders.map((folder) => selectedOf(folderResource(folder, context), context)),
  },
});

/** https://learn.microsoft.com/graph/api/mailfolder-get [S] */
export const getFolder: Handler = (context) => {
  const name = folderNamed(context.mailbox, context.ids[0] ?? '');
  const folder = context.mailbox.folders.find((one) => one.name === name);
  return { status: 200, body: folder && selectedOf(folderResource(folder, context), context) };
};

/** https://learn.microsoft.com/graph/api/user-get [S] */
export const getUser: Handler = (context) => {
  const { id, displayName, address, userPrincipalName } = context.mailbox;
  return { status: 200, body: selectedOf({ id, displayName, mail: address, userPrincipalName }, context) };
};

/** Opens on the wanted port, or on a free one where it is taken. */
export async function listenNear<Server>(
  wanted: number | undefined,
  open: (port: number) => Promise<Server>,
): Promise<Server> {
  try {
    return await open(wanted ?? 0);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (wanted === undefined || (code !== 'EADDRINUSE' && code !== 'EACCES')) throw error;
    return open(0);
  }
}

/** The port of a URL that names one. */
export const portOf = (url: string): number => Number(new URL(url).port);

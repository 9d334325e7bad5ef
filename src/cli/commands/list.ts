import { Command } from 'commander';
import { pluginsNamed, pluginsOf } from '../../runtime/plugins.ts';
import { registry } from '../../runtime/registry.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { pluginLines } from '../output/list.ts';

/** `ballast list`: what a config can name. */
export function listCommand(): Command {
  return new Command('list')
    .description('every plug-in: what it reads or does, its sample, what it was verified on')
    .argument('[kind]', 'a family such as protocols or venues, or one plug-in such as opyn')
    .addHelpText('after', '\nExample: ballast list protocols\nExit codes: 0 done, 2 nothing is called that.')
    .action((kind: string | undefined, _: unknown, command: Command) =>
      execute(command, (context) => list(context, kind)),
    );
}

async function list({ terminal }: CommandContext, kind: string | undefined): Promise<ExitCode> {
  const all = pluginsOf(registry);
  const plugins = kind === undefined ? all : pluginsNamed(all, kind);
  terminal.line(...pluginLines(plugins, terminal.style));
  terminal.document({ plugins });
  return 0;
}

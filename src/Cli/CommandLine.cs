using System.CommandLine;
using System.CommandLine.Parsing;
using Monolith.Cli.Admin;
using Monolith.Cli.DeadLetters;
using Monolith.Cli.Demo;
using Monolith.Cli.Events;
using Monolith.Cli.Invocation;
using Monolith.Cli.Local;
using Monolith.Cli.Logs;
using Monolith.Cli.Projections;
using Monolith.Cli.Streams;
using Monolith.Host;

namespace Monolith.Cli;

/// <summary>The verbs of the command.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        using var output = new OutputPipe();
        var parsed = Root(output).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync($"Usage: {string.Join(' ', [.. Path(parsed.CommandResult), "--help"])}");
            return ExitCode.WrongUsage;
        }

        using var signals = new StopSignals();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(signals.Token, output.Closed);
        if (!WorksWithoutReader(parsed.CommandResult.Command.Name))
            output.Watch();
        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            var status = await parsed.InvokeAsync(configuration, stop.Token);
            if (args is ["--help" or "-h" or "-?"])
                await Console.Out.WriteAsync(SettingsText.Help());
            return output.Closed.IsCancellationRequested ? ExitCode.OutputClosed : status;
        }
        catch (Exception exception)
            when (output.Closed.IsCancellationRequested && exception is OperationCanceledException or CommandFailedException)
        {
            return ExitCode.OutputClosed;
        }
    }

    private static bool WorksWithoutReader(string verb) => verb is LocalCommand.Verb or ServicesCommand.Verb or MigrateCommand.Verb;

    private static RootCommand Root(OutputPipe output)
    {
        RootCommand root =
        [
            LocalCommand.Create(),
            ServicesCommand.Create(),
            PsqlCommand.Create(output.Closed),
            MigrateCommand.Create(),
            DemoCommand.Create(),
            ProjectionsCommand.Create(),
            EventsCommand.Create(),
            StreamsCommand.Create(),
            DeadLettersCommand.Create(),
            LogsCommand.Create(),
            HealthCommand.Create(),
        ];
        // With an action, the parser reports an unknown verb only, and not a missing one too.
        root.SetAction(_ => ExitCode.WrongUsage);
        return root;
    }

    private static IEnumerable<string> Path(SymbolResult? command) =>
        command is CommandResult { Command: RootCommand or { Hidden: true } } or null ? [SharedOptions.CommandName]
        : [.. Path(command.Parent), ((CommandResult)command).Command.Name];
}

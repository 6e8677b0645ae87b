using System.CommandLine;
using System.CommandLine.Parsing;
using Monolith.Host.Cli.DeadLetters;
using Monolith.Host.Cli.Demo;
using Monolith.Host.Cli.Events;
using Monolith.Host.Cli.Logs;
using Monolith.Host.Cli.Output;
using Monolith.Host.Cli.Projections;
using Monolith.Host.Cli.Streams;
using Monolith.Host.Settings;

namespace Monolith.Host.Cli;

/// <summary>The verbs of the host binary.</summary>
internal static class CommandLine
{
    public static bool IsHelp(string argument) => argument is "--help" or "-h" or "-?" or "--version";

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
        if (!IsWorkWithoutReader(parsed.CommandResult.Command.Name))
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

    // Servers serve and migrations are applied, whether or not anything reads what they print.
    private static bool IsWorkWithoutReader(string verb) => verb is LocalCommand.Verb or ServicesCommand.Verb or MigrateCommand.Verb;

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
        // With an action of its own, an unknown verb is the one error, not also a missing verb.
        root.SetAction(_ => ExitCode.WrongUsage);
        return root;
    }

    private static IEnumerable<string> Path(SymbolResult? command) =>
        command is CommandResult { Command: RootCommand or { Hidden: true } } or null ? ["./run"]
        : [.. Path(command.Parent), ((CommandResult)command).Command.Name];
}

using System.CommandLine;
using Monolith.Host.Cli.Demo;

namespace Monolith.Host.Cli;

/// <summary>The verbs of the host binary.</summary>
internal static class CommandLine
{
    public static bool IsHelp(string argument) => argument is "--help" or "-h" or "-?" or "--version";

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync($"Usage: {string.Join(' ', [.. Path(parsed.CommandResult), "--help"])}");
            return ExitCode.WrongUsage;
        }

        using var stop = new StopSignals();
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        return await parsed.InvokeAsync(configuration, stop.Token);
    }

    private static RootCommand Root() =>
    [
        LocalCommand.Create(),
        ServicesCommand.Create(),
        PsqlCommand.Create(),
        MigrateCommand.Create(),
        DemoCommand.Create(),
    ];

    private static IEnumerable<string> Path(System.CommandLine.Parsing.SymbolResult? command) =>
        command is System.CommandLine.Parsing.CommandResult { Command: RootCommand } or null ? ["./run"]
        : [.. Path(command.Parent), ((System.CommandLine.Parsing.CommandResult)command).Command.Name];
}

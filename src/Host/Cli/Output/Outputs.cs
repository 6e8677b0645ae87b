using Spectre.Console;

namespace Monolith.Host.Cli.Output;

/// <summary>Which output a verb has: programs ask for JSON, and a pipe is no terminal.</summary>
internal static class Outputs
{
    // What a terminal without any abilities calls itself.
    private const string DumbTerminal = "dumb";

    public static IOutput For(bool json)
    {
        if (json)
            return new JsonOutput(Console.Out);
        return Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or DumbTerminal
            ? new PlainOutput(Console.Out)
            : new TerminalOutput(AnsiConsole.Console);
    }
}

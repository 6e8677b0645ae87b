using Spectre.Console;

namespace Monolith.Cli.Output;

/// <summary>Where a verb writes its result. Failures go to standard error in every case.</summary>
internal interface IOutput
{
    /// <summary>Shows a result: the JSON document for programs, the blocks for people.</summary>
    Task ShowAsync(string document, IEnumerable<Block> blocks);

    /// <summary>Shows the progress of work until it ends.</summary>
    Task<T> WaitAsync<T>(Func<IProgress<ProgressStep>, Task<T>> work);
}

/// <summary>The progress of something that a verb waits for.</summary>
/// <param name="Text">The progress in words.</param>
/// <param name="Fraction">From 0 to 1; null if it is not known.</param>
/// <param name="Milestone">Plain output writes a line when this changes, not at every step.</param>
internal sealed record ProgressStep(string Text, double? Fraction, string Milestone);

/// <summary>Chooses the output of a verb.</summary>
internal static class Outputs
{
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

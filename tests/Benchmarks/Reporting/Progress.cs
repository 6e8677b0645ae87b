namespace Monolith.Benchmarks.Reporting;

/// <summary>Says on standard error how far it is, so that standard output has the results alone.</summary>
internal static class Progress
{
    public static void Say(string text) => Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} {text}");
}

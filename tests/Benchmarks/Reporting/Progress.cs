namespace Monolith.Benchmarks.Reporting;

/// <summary>Reports progress on standard error; standard output has only the results.</summary>
internal static class Progress
{
    public static void Say(string text) => Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} {text}");
}

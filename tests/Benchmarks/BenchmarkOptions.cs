namespace Monolith.Benchmarks;

/// <summary>What was asked for on the command line.</summary>
/// <param name="Names">The benchmarks to run, in this order.</param>
/// <param name="Scale">How large and how long.</param>
/// <param name="Markdown">Whether the results are printed as Markdown.</param>
internal sealed record BenchmarkOptions(IReadOnlyList<string> Names, Scale Scale, bool Markdown)
{
    private const string QuickFlag = "--quick";
    private const string MarkdownFlag = "--markdown";

    /// <summary>Reads the command line; null where it names something that there is not.</summary>
    public static BenchmarkOptions? Parse(string[] args, IReadOnlyCollection<string> known)
    {
        var names = args.Where(argument => argument is not (QuickFlag or MarkdownFlag)).ToArray();
        return names.All(known.Contains)
            ? new BenchmarkOptions(
                names.Length > 0 ? names : [.. known], args.Contains(QuickFlag) ? Scale.Quick : Scale.Full, args.Contains(MarkdownFlag))
            : null;
    }
}

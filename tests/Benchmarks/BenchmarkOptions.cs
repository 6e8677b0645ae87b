namespace Monolith.Benchmarks;

/// <summary>The options of the command line.</summary>
/// <param name="Names">The benchmarks to run, in this order.</param>
/// <param name="Scale">The size and duration.</param>
/// <param name="Markdown">Whether the results are printed as Markdown.</param>
internal sealed record BenchmarkOptions(IReadOnlyList<string> Names, Scale Scale, bool Markdown)
{
    private const string QuickFlag = "--quick";
    private const string MarkdownFlag = "--markdown";

    /// <summary>Parses the command line; null where a name is unknown.</summary>
    public static BenchmarkOptions? Parse(string[] args, IReadOnlyCollection<string> known)
    {
        var names = args.Where(argument => argument is not (QuickFlag or MarkdownFlag)).ToArray();
        return names.All(known.Contains)
            ? new BenchmarkOptions(
                names.Length > 0 ? names : [.. known], args.Contains(QuickFlag) ? Scale.Quick : Scale.Full, args.Contains(MarkdownFlag))
            : null;
    }
}

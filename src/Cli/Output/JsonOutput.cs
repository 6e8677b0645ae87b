namespace Monolith.Cli.Output;

/// <summary>For programs: the document and nothing else.</summary>
internal sealed class JsonOutput(TextWriter writer) : IOutput
{
    public Task ShowAsync(string document, IEnumerable<Block> blocks) => writer.WriteLineAsync(document);

    public Task<T> WaitAsync<T>(Func<IProgress<ProgressStep>, Task<T>> work) => work(new NoProgress());

    private sealed class NoProgress : IProgress<ProgressStep>
    {
        public void Report(ProgressStep value)
        {
        }
    }
}

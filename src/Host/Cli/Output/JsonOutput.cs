namespace Monolith.Host.Cli.Output;

/// <summary>For programs: the document and nothing else.</summary>
internal sealed class JsonOutput(TextWriter writer) : IOutput
{
    public Task ShowAsync(string document, IEnumerable<Block> blocks) => writer.WriteLineAsync(document);

    public Task<T> WaitAsync<T>(Func<IProgress<Step>, Task<T>> work) => work(new Silence());

    private sealed class Silence : IProgress<Step>
    {
        public void Report(Step value)
        {
            // One document, at the end.
        }
    }
}

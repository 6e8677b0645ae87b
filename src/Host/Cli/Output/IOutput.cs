namespace Monolith.Host.Cli.Output;

/// <summary>Where a verb writes what it found. Failures go to standard error, whatever this is.</summary>
internal interface IOutput
{
    /// <summary>Shows an answer: as the document that it came in, or as blocks.</summary>
    /// <param name="document">The JSON document.</param>
    /// <param name="blocks">The same for a person.</param>
    Task ShowAsync(string document, IEnumerable<Block> blocks);

    /// <summary>Shows how far something is while it goes on.</summary>
    /// <param name="work">Reports the progress, and ends with the work.</param>
    Task<T> WaitAsync<T>(Func<IProgress<Step>, Task<T>> work);
}

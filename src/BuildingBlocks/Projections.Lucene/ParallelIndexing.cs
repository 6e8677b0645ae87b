using System.Threading.Channels;
using Lucene.Net.Index;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Adds the rows of a rebuild with one writing thread per processor.</summary>
internal static class ParallelIndexing
{
    private const int ChunkSize = 1_000;

    /// <summary>Adds rows that have no documents yet.</summary>
    public static async Task AddAsync<TKey, TRow>(
        IndexWriter index, LuceneMapping<TKey, TRow> mapping, IAsyncEnumerable<TRow> rows, CancellationToken cancellation)
        where TKey : struct, IEquatable<TKey>
        where TRow : class
    {
        using var failing = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var chunks = Channel.CreateBounded<TRow[]>(Environment.ProcessorCount);
        var writers = Enumerable.Range(0, Environment.ProcessorCount)
            .Select(_ => Task.Run(() => WriteAsync(index, mapping, chunks.Reader, failing), CancellationToken.None))
            .ToArray();
        try
        {
            await foreach (var chunk in rows.Chunk(ChunkSize).WithCancellation(failing.Token))
                await chunks.Writer.WriteAsync(chunk, failing.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // A writer failed; its exception is thrown below.
        }
        finally
        {
            chunks.Writer.TryComplete();
            await Task.WhenAll(writers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (writers.FirstOrDefault(writer => writer.IsFaulted) is { } faulted)
            await faulted;
        cancellation.ThrowIfCancellationRequested();
    }

    private static async Task WriteAsync<TKey, TRow>(
        IndexWriter index, LuceneMapping<TKey, TRow> mapping, ChannelReader<TRow[]> chunks, CancellationTokenSource failing)
        where TKey : struct, IEquatable<TKey>
        where TRow : class
    {
        try
        {
            using var document = new RowDocument<TKey, TRow>(mapping);
            await foreach (var chunk in chunks.ReadAllAsync(failing.Token))
            {
                foreach (var row in chunk)
                    index.AddDocument(document.Of(row).Fields);
            }
        }
        catch
        {
            await failing.CancelAsync();
            throw;
        }
    }
}

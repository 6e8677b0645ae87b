using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Analytics.Exports;

/// <summary>
/// The exports that are being written, one run a name. A run belongs to the host, not to the request that began it: requests for the same
/// file share it, and it goes on when they are gone, so that a client that tries again finds the file.
/// </summary>
internal sealed class ExportRuns : IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan WrittenWithin = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource stopping = new();
    private readonly Lock one = new();
    private readonly Dictionary<ExportName, Task<Result<ExportFile.Kept>>> running = [];

    /// <summary>Waits for the running export of a name; begins it where none runs. A failure is that of all who wait.</summary>
    /// <param name="name">The export.</param>
    /// <param name="make">Makes the file, or finds that it is kept; its token ends with the host.</param>
    /// <param name="cancellation">Ends the wait, not the run.</param>
    public Task<Result<ExportFile.Kept>> JoinAsync(
        ExportName name, Func<CancellationToken, Task<Result<ExportFile.Kept>>> make, CancellationToken cancellation)
    {
        Task<Result<ExportFile.Kept>>? run;
        lock (one)
        {
            if (!running.TryGetValue(name, out run))
                running.Add(name, run = Task.Run(() => RunAsync(name, make), CancellationToken.None));
        }

        return run.WaitAsync(cancellation);
    }

    /// <summary>As <see cref="JoinAsync"/>, but with a run that begins after this call.</summary>
    public async Task<Result<ExportFile.Kept>> JoinNextAsync(
        ExportName name, Func<CancellationToken, Task<Result<ExportFile.Kept>>> make, CancellationToken cancellation)
    {
        Task<Result<ExportFile.Kept>>? before;
        lock (one)
            before = running.GetValueOrDefault(name);
        if (before is not null && (await before.WaitAsync(cancellation)).Error is { } error)
            return error;
        return await JoinAsync(name, make, cancellation);
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        Task[] left;
        lock (one)
            left = [.. running.Values];
        await Task.WhenAll(left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task<Result<ExportFile.Kept>> RunAsync(ExportName name, Func<CancellationToken, Task<Result<ExportFile.Kept>>> make)
    {
        try
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
            ends.CancelAfter(WrittenWithin);
            try
            {
                return await make(ends.Token);
            }
            catch (OperationCanceledException) when (ends.IsCancellationRequested && !stopping.IsCancellationRequested)
            {
                throw new TimeoutException($"The export of {name.Kind} was not written within {WrittenWithin.TotalMinutes:0} minutes.");
            }
        }
        finally
        {
            lock (one)
                running.Remove(name);
        }
    }
}

using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Analytics.Application.Exports;

namespace Monolith.Modules.Analytics.Infrastructure.Exports;

/// <summary>
/// The running exports, at most one per key. Requests for the same file share a run. It continues when they are aborted, so that a client
/// that retries finds the file.
/// </summary>
internal sealed class ExportRuns : IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan RunTimeout = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly Dictionary<ExportKey, Task<Result<CachedExport>>> running = [];

    /// <summary>Waits for the running export, or starts one. All waiting requests get its result or exception.</summary>
    /// <param name="key">The export.</param>
    /// <param name="write">Writes the file, or finds it in the cache; its token is cancelled when the host stops.</param>
    /// <param name="cancellation">Cancels waiting, not the run.</param>
    public Task<Result<CachedExport>> JoinAsync(
        ExportKey key, Func<CancellationToken, Task<Result<CachedExport>>> write, CancellationToken cancellation)
    {
        Task<Result<CachedExport>>? run;
        lock (gate)
        {
            if (!running.TryGetValue(key, out run))
                running.Add(key, run = Task.Run(() => RunAsync(key, write), CancellationToken.None));
        }

        return run.WaitAsync(cancellation);
    }

    /// <summary>Like <see cref="JoinAsync"/>, but for a run that starts after this call.</summary>
    public async Task<Result<CachedExport>> JoinNextAsync(
        ExportKey key, Func<CancellationToken, Task<Result<CachedExport>>> write, CancellationToken cancellation)
    {
        Task<Result<CachedExport>>? previous;
        lock (gate)
            previous = running.GetValueOrDefault(key);
        if (previous is not null && (await previous.WaitAsync(cancellation)).Error is { } error)
            return error;
        return await JoinAsync(key, write, cancellation);
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        Task[] remaining;
        lock (gate)
            remaining = [.. running.Values];
        await Task.WhenAll(remaining).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task<Result<CachedExport>> RunAsync(ExportKey key, Func<CancellationToken, Task<Result<CachedExport>>> write)
    {
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
            timeout.CancelAfter(RunTimeout);
            try
            {
                return await write(timeout.Token);
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested && !stopping.IsCancellationRequested)
            {
                throw new TimeoutException($"The export of {key.DataSet} was not written within {RunTimeout.TotalMinutes:0} minutes.");
            }
        }
        finally
        {
            lock (gate)
                running.Remove(key);
        }
    }
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>
/// Runs one projection in this process as its registry says: keeps the live generation current, builds the one that is under way unless
/// another host does, starts a rebuild if this binary has a newer version, and deletes generations that have ended. It reads the registry
/// once a second, and at once when this process has changed it.
/// </summary>
internal sealed partial class ProjectionRunner<TKey, TRow>(
    ProjectionContext<TKey, TRow> context,
    RateMeter rates,
    ProjectionSettings settings,
    bool storeIsRemote,
    ILogger<ProjectionRunner<TKey, TRow>> logger) : BackgroundService
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Another host may claim a rebuild whose claim was not renewed for this long.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>How long a store may delay the start of the host.</summary>
    private static readonly TimeSpan PrepareTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OperationStartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ForgetGroupTimeout = TimeSpan.FromSeconds(10);

    private readonly Guid process = Guid.NewGuid();
    private readonly Dictionary<int, IGenerationRun> runs = [];
    private Task cleaning = Task.CompletedTask;
    private bool prepared;
    private bool started;
    private string? loggedLoss;

    private string Name => context.Definition.Name;

    private IGenerationRegistry Registry => context.Store.Registry;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the host serves requests, so that the first query finds what it reads, with the columns of this version.
        if (!storeIsRemote)
            await PrepareAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A slow store must not keep the host from starting.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            var version = context.Status.Changed.Version;
            try
            {
                await FollowRegistryAsync(stoppingToken);
                context.Status.RegistryProblem = null;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                if (context.Status.RegistryProblem != exception.Message)
                    LogRegistryFailure(Name, exception);
                context.Status.RegistryProblem = exception.Message;
            }

            await context.Status.Changed.WaitAsync(version, PollInterval, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await cleaning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(runs.Values.Select(run => run.DisposeAsync().AsTask()));
        await ReleaseAsync();
    }

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(PrepareTimeout);
        try
        {
            await Registry.PrepareAsync(bounded.Token);
            prepared = true;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            context.Status.RegistryProblem = exception.Message;
            LogRegistryFailure(Name, exception);
        }
    }

    private async Task FollowRegistryAsync(CancellationToken stopping)
    {
        if (!prepared)
        {
            await Registry.PrepareAsync(stopping);
            prepared = true;
        }

        var registry = await Registry.ReadAsync(stopping);
        if (await UpgradeAsync(registry, stopping))
            registry = await Registry.ReadAsync(stopping);
        started = true;
        if (registry.Lost is { } lost && lost != loggedLoss)
            LogLostRows(Name, lost);
        loggedLoss = registry.Lost;
        var wanted = await GenerationsToRunAsync(registry, stopping);
        await StopAsync(number => !wanted.Contains(number) || runs[number].IsOutdated(registry.Find(number)!));
        foreach (var number in wanted)
            StartOrUpdate(registry, registry.Find(number)!, stopping);
        context.Status.Update(registry, ProgressOf(registry.Live), ProgressOf(registry.UnderWay));
        if (registry.HasPendingRequests && !registry.Paused && registry.Live is { } live && runs.TryGetValue(live.Number, out var run))
            run.Requests.Pulse();
        await EndOperationsAsync(registry, stopping);
        if (cleaning.IsCompleted)
            cleaning = CleanAsync(registry, [.. runs.Keys], stopping);
        await rates.SampleAsync(Registry, registry, stopping);
    }

    private GenerationProgress? ProgressOf(Generation? generation) =>
        generation is not null && runs.TryGetValue(generation.Number, out var run) ? run.Progress : null;

    private void StartOrUpdate(Registry registry, Generation generation, CancellationToken stopping)
    {
        var hasOtherLive = registry.Live is not null && registry.Live.Number != generation.Number;
        if (runs.TryGetValue(generation.Number, out var run))
            run.Update(generation, hasOtherLive);
        else
            runs.Add(generation.Number, new GenerationRun<TKey, TRow>(context, generation, hasOtherLive, stopping));
    }

    /// <summary>The generations that this process runs; only those of its own version.</summary>
    private async Task<HashSet<int>> GenerationsToRunAsync(Registry registry, CancellationToken stopping)
    {
        var wanted = new HashSet<int>();
        if (registry.Paused)
            return wanted;
        if (registry.Live is { } live && live.Version == context.Definition.Version)
            wanted.Add(live.Number);
        if (registry.UnderWay is { } next && next.Version == context.Definition.Version)
        {
            var building = next.InMemory && runs.TryGetValue(next.Number, out var run) ? run.Progress : null;
            var folded = building?.Folded() is { Count: > 0 } some ? Whole(next, some) : null;
            if (await Registry.ClaimRebuildAsync(next.Number, process, Lease, folded, building?.Fill, stopping))
                wanted.Add(next.Number);
        }

        return wanted;
    }

    private static Dictionary<LogPartition, long> Whole(Generation generation, IReadOnlyDictionary<LogPartition, long> folded) =>
        (generation.Targets ?? folded).Keys.ToDictionary(partition => partition, folded.GetValueOrDefault);

    /// <summary>Starts a rebuild if this binary is newer than all generations; true if the registry has changed.</summary>
    private async Task<bool> UpgradeAsync(Registry registry, CancellationToken stopping)
    {
        var version = context.Definition.Version;
        // A rebuild that failed or was cancelled is tried again at the next start of a host. After a rollback nothing is rebuilt.
        var newest = registry.Generations.Where(generation => generation.Purpose == Purpose.Rebuild && (!generation.IsGone || started))
            .Select(generation => generation.Version).DefaultIfEmpty(0).Max();
        if (registry.Paused || newest >= version)
            return false;

        if (registry.UnderWay is { } old)
        {
            // Not while another host still builds it.
            return await Registry.ClaimRebuildAsync(old.Number, process, Lease, null, null, stopping)
                && (old.IsCatchingUp
                    ? await Registry.CancelCatchUpAsync(old.Number, $"superseded by version {version}", null, stopping)
                    : await Registry.EndAsync(old.Number, GenerationState.Cancelled, $"superseded by version {version}", null, stopping));
        }

        var operation = new Operation(
            Guid.CreateVersion7(), "upgrade", Name, null, null, OperationState.Running, null, null, context.Clock.GetUtcNow(), null);
        var request = new GenerationRequest(version, Purpose.Rebuild, Promotion.Auto, operation.Id);
        if (await Registry.CreateAsync(request, operation, $"rebuild for version {version}, by itself", stopping) is not { } number)
            return false;
        LogUpgrade(Name, version, number);
        return true;
    }

    /// <summary>Ends requeues and discards that were carried out, and operations whose host ended before it started them.</summary>
    private async Task EndOperationsAsync(Registry registry, CancellationToken stopping)
    {
        foreach (var operation in await Registry.RunningOperationsAsync(["requeue", "discard"], stopping))
            await Registry.EndDeadLetterRequestAsync(operation, registry.Live?.Number, stopping);
        foreach (var operation in await Registry.RunningOperationsAsync(["rebuild", "upgrade", "promote", "rollback", "verify"], stopping))
        {
            var runsFor = context.Clock.GetUtcNow() - operation.StartedAt;
            if (registry.UnderWay?.Number != operation.Generation && runsFor > OperationStartTimeout)
            {
                const string detail = "the host stopped before the operation started; request it again";
                await Registry.EndOperationAsync(operation.Id, OperationState.Failed, detail, null, stopping);
            }
        }
    }

    private async Task CleanAsync(Registry registry, IReadOnlyCollection<int> running, CancellationToken stopping)
    {
        // In the background: a query may hold a table, and a broker may take its time.
        await Task.Yield();
        foreach (var generation in registry.Generations)
        {
            try
            {
                if (IsTooOld(generation))
                {
                    var reason = $"kept for {settings.KeepRetiredFor} after it was retired";
                    await Registry.EndAsync(generation.Number, GenerationState.Dropped, reason, null, stopping);
                }

                if (generation is not { IsGone: true, Cleaned: false } || running.Contains(generation.Number))
                    continue;
                await Registry.CleanAsync(generation.Number, stopping);
                var group = context.Definition.GroupOf(generation.Number, Registry.Instance);
                await context.Transport.DeleteGroupAsync(group, stopping).WaitAsync(ForgetGroupTimeout, stopping);
                await Registry.MarkCleanedAsync(generation.Number, stopping);
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                // A query holds its table, or its consumer group still has members: the next round tries again.
                LogNotCleaned(Name, generation.Number, exception.Message);
            }
        }
    }

    private bool IsTooOld(Generation generation) =>
        generation is { State: GenerationState.Retired, Promotion: not Promotion.Auto }
        && context.Clock.GetUtcNow() - generation.EndedAt > settings.KeepRetiredFor;

    private async Task StopAsync(Predicate<int> condition)
    {
        foreach (var number in runs.Where(run => condition(run.Key) || run.Value.HasEnded).Select(run => run.Key).ToArray())
        {
            runs.Remove(number, out var run);
            await run!.DisposeAsync();
        }
    }

    private async Task ReleaseAsync()
    {
        // So that another host need not wait for the lease to end.
        try
        {
            foreach (var number in runs.Keys)
                await Registry.ReleaseRebuildAsync(number, process, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotCleaned(Name, 0, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The registry of {Projection} cannot be read.")]
    private partial void LogRegistryFailure(string projection, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The rows of {Projection} were lost and are being rebuilt: {Reason}")]
    private partial void LogLostRows(string projection, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Projection} is rebuilt for version {Version}, as generation {Generation}; queries read the live one until then.")]
    private partial void LogUpgrade(string projection, int version, int generation);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Generation {Generation} of {Projection} is not cleaned yet: {Reason}")]
    private partial void LogNotCleaned(string projection, int generation, string reason);
}

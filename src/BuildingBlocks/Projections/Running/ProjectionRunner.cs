using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>
/// Does in this process what the registry of one projection says: keeps the live generation current, builds the one that is under way where no other host does, begins a rebuild when this binary brings a
/// newer version, and removes what is left of generations that have ended. It looks once a second, and at once when something was asked for here.
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
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>A host that builds and does not say so for this long has lost the build to another.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>How long a store may keep the host from serving.</summary>
    private static readonly TimeSpan PrepareAtMost = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan NeverBegun = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ForgetWithin = TimeSpan.FromSeconds(10);

    private readonly Guid process = Guid.NewGuid();
    private readonly Dictionary<int, IGenerationRun> runs = [];
    private Task cleaning = Task.CompletedTask;
    private bool prepared;
    private bool started;
    private string? told;

    private string Name => context.Definition.Name;

    private IGenerationRegistry Registry => context.Store.Registry;

    /// <summary>
    /// Before the host serves, so that the first query finds the name that it reads, with the columns of this version; but a store that is slow must not keep the host from starting, and one that is a
    /// server of its own is not waited for.
    /// </summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
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
            var seen = context.Status.Changed.Version;
            try
            {
                await LookAsync(stoppingToken);
                context.Status.RegistryProblem = null;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                if (context.Status.RegistryProblem != exception.Message)
                    CannotLook(Name, exception);
                context.Status.RegistryProblem = exception.Message;
            }

            await context.Status.Changed.WaitAsync(seen, LookEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await cleaning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(runs.Values.Select(run => run.DisposeAsync().AsTask()));
        await ReleaseAsync();
    }

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(PrepareAtMost);
        try
        {
            await Registry.PrepareAsync(bounded.Token);
            prepared = true;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            context.Status.RegistryProblem = exception.Message;
            CannotLook(Name, exception);
        }
    }

    private async Task LookAsync(CancellationToken stopping)
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
        TellLost(registry.Lost);

        var wanted = await WantedAsync(registry, stopping);
        await StopAsync(number => !wanted.Contains(number) || runs[number].IsOutdated(registry.Find(number)!));
        foreach (var number in wanted)
            Keep(registry, registry.Find(number)!, stopping);
        context.Status.Show(registry, ProgressOf(registry.Live), ProgressOf(registry.UnderWay));

        if (registry.Asked && !registry.Paused && registry.Live is { } asked && runs.TryGetValue(asked.Number, out var owner))
            owner.Work.Pulse();
        await EndRequestsAsync(registry, stopping);
        if (cleaning.IsCompleted)
            cleaning = CleanAsync(registry, [.. runs.Keys], stopping);
        await rates.SampleAsync(Registry, registry, stopping);
    }

    private void TellLost(string? lost)
    {
        if (lost is not null && lost != told)
            WereLost(Name, lost);
        told = lost;
    }

    private GenerationProgress? ProgressOf(Generation? generation) => generation is not null && runs.TryGetValue(generation.Number, out var run) ? run.Progress : null;

    private void Keep(Registry registry, Generation generation, CancellationToken stopping)
    {
        var beside = registry.Live is not null && registry.Live.Number != generation.Number;
        if (runs.TryGetValue(generation.Number, out var run))
            run.Update(generation, beside);
        else
            runs.Add(generation.Number, new GenerationRun<TKey, TRow>(context, generation, beside, stopping));
    }

    /// <summary>The generations that this process is to keep going: only ever those of its own version.</summary>
    private async Task<HashSet<int>> WantedAsync(Registry registry, CancellationToken stopping)
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
            if (await Registry.ClaimAsync(next.Number, process, Lease, folded, building?.Fill, stopping))
                wanted.Add(next.Number);
        }

        return wanted;
    }

    private static Dictionary<LogPartition, long> Whole(Generation generation, IReadOnlyDictionary<LogPartition, long> folded) =>
        (generation.Targets ?? folded).Keys.ToDictionary(partition => partition, folded.GetValueOrDefault);

    /// <summary>Begins a rebuild where this binary is newer than everything that was built; true when the registry has changed.</summary>
    private async Task<bool> UpgradeAsync(Registry registry, CancellationToken stopping)
    {
        var version = context.Definition.Version;
        // What failed or was cancelled is tried again at the next start of a host; what was rolled back is left as the operator wanted it.
        var newest = registry.Generations.Where(generation => generation.Purpose == Purpose.Rebuild && (!generation.IsGone || started)).Select(generation => generation.Version).DefaultIfEmpty(0).Max();
        if (registry.Paused || newest >= version)
            return false;

        if (registry.UnderWay is { } old)
        {
            // Its builder may still be there: then it is left to it.
            return await Registry.ClaimAsync(old.Number, process, Lease, null, null, stopping)
                && (old.IsReturning
                    ? await Registry.StayRetiredAsync(old.Number, $"superseded by version {version}", null, stopping)
                    : await Registry.EndAsync(old.Number, GenerationState.Cancelled, $"superseded by version {version}", null, stopping));
        }

        var operation = new Operation(Guid.CreateVersion7(), "upgrade", Name, null, null, OperationState.Running, null, null, context.Clock.GetUtcNow(), null);
        var request = new GenerationRequest(version, Purpose.Rebuild, Promotion.Auto, operation.Id);
        if (await Registry.CreateAsync(request, operation, $"rebuild for version {version}, by itself", stopping) is not { } number)
            return false;
        Upgrades(Name, version, number);
        return true;
    }

    /// <summary>Ends requeues and discards whose events have all been looked at, and what was asked of a host that ended before it began.</summary>
    private async Task EndRequestsAsync(Registry registry, CancellationToken stopping)
    {
        foreach (var operation in await Registry.RunningAsync(["requeue", "discard"], stopping))
            await Registry.EndRequestAsync(operation, registry.Live?.Number, stopping);
        foreach (var operation in await Registry.RunningAsync(["rebuild", "upgrade", "promote", "rollback", "verify"], stopping))
        {
            // Its host ended between writing it down and doing it.
            if (registry.UnderWay?.Number != operation.Generation && context.Clock.GetUtcNow() - operation.StartedAt > NeverBegun)
                await Registry.EndOperationAsync(operation.Id, OperationState.Failed, "the host that was asked ended before it began; ask again", null, stopping);
        }
    }

    /// <summary>Beside everything else: a reader may hold a table, and a broker may take its time.</summary>
    private async Task CleanAsync(Registry registry, IReadOnlyCollection<int> running, CancellationToken stopping)
    {
        await Task.Yield();
        foreach (var generation in registry.Generations)
        {
            try
            {
                if (IsTooOld(generation))
                    await Registry.EndAsync(generation.Number, GenerationState.Dropped, $"kept for {settings.KeepRetiredFor} after it was retired", null, stopping);
                if (generation is not { IsGone: true, Cleaned: false } || running.Contains(generation.Number))
                    continue;
                await Registry.CleanAsync(generation.Number, stopping);
                await context.Transport.DeleteGroupAsync(context.Definition.GroupOf(generation.Number, Registry.Instance), stopping).WaitAsync(ForgetWithin, stopping);
                await Registry.MarkCleanedAsync(generation.Number, stopping);
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                // A reader holds its table, or its group has members that have not noticed yet: the next turn tries again.
                NotCleaned(Name, generation.Number, exception.Message);
            }
        }
    }

    private bool IsTooOld(Generation generation) =>
        generation is { State: GenerationState.Retired, Promotion: not Promotion.Auto } && context.Clock.GetUtcNow() - generation.EndedAt > settings.KeepRetiredFor;

    private async Task StopAsync(Predicate<int> which)
    {
        foreach (var number in runs.Where(run => which(run.Key) || run.Value.HasEnded).Select(run => run.Key).ToArray())
        {
            runs.Remove(number, out var run);
            await run!.DisposeAsync();
        }
    }

    /// <summary>So that another host need not wait for the lease.</summary>
    private async Task ReleaseAsync()
    {
        try
        {
            foreach (var number in runs.Keys)
                await Registry.ReleaseAsync(number, process, CancellationToken.None);
        }
        catch (Exception exception)
        {
            NotCleaned(Name, 0, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The registry of {Projection} cannot be followed.")]
    private partial void CannotLook(string projection, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The rows of {Projection} were lost, and are being built anew: {Reason}")]
    private partial void WereLost(string projection, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Projection} is built anew for version {Version}, as generation {Generation}; the live one serves until then.")]
    private partial void Upgrades(string projection, int version, int generation);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Generation {Generation} of {Projection} is not cleaned yet: {Reason}")]
    private partial void NotCleaned(string projection, int generation, string reason);
}

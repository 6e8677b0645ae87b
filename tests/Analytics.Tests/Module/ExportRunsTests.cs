using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Analytics.Application.Exports;
using Monolith.Modules.Analytics.Infrastructure.Exports;

namespace Monolith.Analytics.Tests.Module;

/// <summary>Sharing of running exports between requests.</summary>
[Trait("Category", "Unit")]
public sealed class ExportRunsTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly ExportKey Orders = new("orders", null);
    private static readonly CachedExport Written = new("1", "\"1\"");

    private readonly TaskCompletionSource<Result<CachedExport>> gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int starts;

    [Fact]
    public async Task Requests_for_one_export_share_its_run()
    {
        await using var runs = new ExportRuns();
        var first = runs.JoinAsync(Orders, MakeAsync, CancellationToken.None);
        var second = runs.JoinAsync(Orders, MakeAsync, CancellationToken.None);
        var other = runs.JoinAsync(Orders with { Until = DateTimeOffset.UnixEpoch }, MakeAsync, CancellationToken.None);

        gate.SetResult(Written);

        (await Task.WhenAll(first, second, other).WaitAsync(Deadline)).ShouldAllBe(result => result.Value == Written);
        starts.ShouldBe(2);
    }

    [Fact]
    public async Task Run_continues_after_its_request_is_aborted()
    {
        await using var runs = new ExportRuns();
        using var gone = new CancellationTokenSource();
        var first = runs.JoinAsync(Orders, MakeAsync, gone.Token);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        var second = runs.JoinAsync(Orders, MakeAsync, CancellationToken.None);

        gate.SetResult(Written);

        (await second.WaitAsync(Deadline)).Value.ShouldBe(Written);
        starts.ShouldBe(1);
    }

    [Fact]
    public async Task Next_run_starts_after_the_current_one()
    {
        await using var runs = new ExportRuns();
        var first = runs.JoinAsync(Orders, MakeAsync, CancellationToken.None);
        var next = runs.JoinNextAsync(Orders, MakeAsync, CancellationToken.None);

        gate.SetResult(Written);

        await Task.WhenAll(first, next).WaitAsync(Deadline);
        starts.ShouldBe(2);
    }

    [Fact]
    public async Task Failed_run_is_shared_but_not_cached()
    {
        await using var runs = new ExportRuns();
        var first = runs.JoinAsync(Orders, MakeAsync, CancellationToken.None);
        var second = runs.JoinAsync(Orders, MakeAsync, CancellationToken.None);
        var next = runs.JoinNextAsync(Orders, MakeAsync, CancellationToken.None);

        gate.SetException(new IOException("The disk is full."));

        foreach (var request in new[] { first, second, next })
            await Should.ThrowAsync<IOException>(() => request.WaitAsync(Deadline));
        starts.ShouldBe(1);
        (await runs.JoinAsync(Orders, _ => Task.FromResult<Result<CachedExport>>(Written), CancellationToken.None)).Value.ShouldBe(Written);
    }

    [Fact]
    public async Task Runs_end_with_the_host()
    {
        var runs = new ExportRuns();
        var run = runs.JoinAsync(Orders, MakeAsync, CancellationToken.None);

        await runs.DisposeAsync().AsTask().WaitAsync(Deadline);

        await Should.ThrowAsync<OperationCanceledException>(() => run.WaitAsync(Deadline));
    }

    private Task<Result<CachedExport>> MakeAsync(CancellationToken ending)
    {
        Interlocked.Increment(ref starts);
        return gate.Task.WaitAsync(ending);
    }
}

using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Analytics.Application.Exports;
using Monolith.Modules.Analytics.Infrastructure.Exports;

namespace Monolith.Analytics.Tests.Module;

/// <summary>What requests for the same export share.</summary>
[Trait("Category", "Unit")]
public sealed class ExportRunsTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly ExportKey Orders = new("orders", null);
    private static readonly CachedExport Made = new("1", "\"1\"");

    private readonly TaskCompletionSource<Result<CachedExport>> gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int begun;

    [Fact]
    public async Task Requests_for_one_export_share_its_run()
    {
        await using var runs = new ExportRuns();
        var first = runs.JoinAsync(Orders, MakeAsync, CancellationToken.None);
        var second = runs.JoinAsync(Orders, MakeAsync, CancellationToken.None);
        var other = runs.JoinAsync(Orders with { Until = DateTimeOffset.UnixEpoch }, MakeAsync, CancellationToken.None);

        gate.SetResult(Made);

        (await Task.WhenAll(first, second, other).WaitAsync(Deadline)).ShouldAllBe(result => result.Value == Made);
        begun.ShouldBe(2);
    }

    [Fact]
    public async Task Run_goes_on_without_the_request_that_began_it()
    {
        await using var runs = new ExportRuns();
        using var gone = new CancellationTokenSource();
        var first = runs.JoinAsync(Orders, MakeAsync, gone.Token);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        var second = runs.JoinAsync(Orders, MakeAsync, CancellationToken.None);

        gate.SetResult(Made);

        (await second.WaitAsync(Deadline)).Value.ShouldBe(Made);
        begun.ShouldBe(1);
    }

    [Fact]
    public async Task Next_run_begins_after_the_running_one()
    {
        await using var runs = new ExportRuns();
        var first = runs.JoinAsync(Orders, MakeAsync, CancellationToken.None);
        var next = runs.JoinNextAsync(Orders, MakeAsync, CancellationToken.None);

        gate.SetResult(Made);

        await Task.WhenAll(first, next).WaitAsync(Deadline);
        begun.ShouldBe(2);
    }

    [Fact]
    public async Task Failure_of_a_run_is_shared_and_not_kept()
    {
        await using var runs = new ExportRuns();
        var first = runs.JoinAsync(Orders, MakeAsync, CancellationToken.None);
        var second = runs.JoinAsync(Orders, MakeAsync, CancellationToken.None);
        var next = runs.JoinNextAsync(Orders, MakeAsync, CancellationToken.None);

        gate.SetException(new IOException("The disk is full."));

        foreach (var request in new[] { first, second, next })
            await Should.ThrowAsync<IOException>(() => request.WaitAsync(Deadline));
        begun.ShouldBe(1);
        (await runs.JoinAsync(Orders, _ => Task.FromResult<Result<CachedExport>>(Made), CancellationToken.None)).Value.ShouldBe(Made);
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
        Interlocked.Increment(ref begun);
        return gate.Task.WaitAsync(ending);
    }
}

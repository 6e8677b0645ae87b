using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Application.Idempotency;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Idempotency;

namespace Monolith.Application.Tests;

[Trait("Category", "Unit")]
public sealed class KeyedRequestsTests
{
    private static readonly byte[] Payload = [1, 2, 3];
    private static readonly byte[] OtherPayload = [1, 2, 4];
    private static readonly StoredResponse Response = new(200, new Dictionary<string, string>(), [42]);

    private readonly FakeKeys first = new();
    private readonly FakeKeys second = new();
    private readonly InFlightKeys inFlight = new();
    private int executed;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private KeyedRequests Requests => new(inFlight, [first, second], TimeProvider.System, NullLogger<KeyedRequests>.Instance);

    [Fact]
    public async Task Repeated_request_is_executed_once()
    {
        var once = await Requests.ExecuteAsync("k", Payload, Execute, Cancellation);
        var again = await Requests.ExecuteAsync("k", Payload, Execute, Cancellation);

        (once.Value, again.Value, executed).ShouldBe(((Response, false), (Response, true), 1));
        (first.Stored.Count, second.Stored.Count).ShouldBe((1, 0));
    }

    [Fact]
    public async Task Key_of_another_request_of_any_module_is_refused()
    {
        await second.StoreAsync("k", OtherPayload, Response, Cancellation);

        var refused = await Requests.ExecuteAsync("k", Payload, Execute, Cancellation);

        (refused.Error, executed).ShouldBe((RequestErrors.KeyReused, 0));
    }

    [Fact]
    public async Task Key_in_flight_is_refused_until_it_ends()
    {
        var running = new TaskCompletionSource<Result<StoredResponse>>();
        var one = Requests.ExecuteAsync("k", Payload, () => running.Task, Cancellation);

        var concurrent = await Requests.ExecuteAsync("k", Payload, Execute, Cancellation);
        running.SetResult(Response);
        await one;
        var later = await Requests.ExecuteAsync("k", Payload, Execute, Cancellation);

        (concurrent.Error, later.Value, executed).ShouldBe((RequestErrors.KeyInUse, (Response, true), 0));
    }

    [Fact]
    public async Task Refused_or_failed_request_releases_its_key()
    {
        var contended = Task.FromResult<Result<StoredResponse>>(RequestErrors.Contended);
        var refused = await Requests.ExecuteAsync("k", Payload, () => contended, Cancellation);
        refused.Error.ShouldBe(RequestErrors.Contended);
        var failed = Task.FromException<Result<StoredResponse>>(new InvalidOperationException());
        await Should.ThrowAsync<InvalidOperationException>(() => Requests.ExecuteAsync("k", Payload, () => failed, Cancellation));

        (await Requests.ExecuteAsync("k", OtherPayload, Execute, Cancellation)).Value.IsReplay.ShouldBeFalse();
    }

    [Theory, InlineData(2), InlineData(int.MaxValue)]
    public async Task Executed_request_succeeds_when_its_key_cannot_be_stored(int failures)
    {
        first.FailuresToKeep = failures;

        var result = await Requests.ExecuteAsync("k", Payload, Execute, Cancellation);

        (result.Value, executed, first.Stored.Count).ShouldBe(((Response, false), 1, failures == int.MaxValue ? 0 : 1));
    }

    [Fact]
    public void Process_without_a_write_side_stores_no_keys()
    {
        new KeyedRequests(inFlight, [], TimeProvider.System, NullLogger<KeyedRequests>.Instance).CanStore.ShouldBeFalse();
        Requests.CanStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Lookup_queries_all_modules_concurrently()
    {
        var third = new FakeKeys { Gate = new TaskCompletionSource() };
        second.Gate = third.Gate;
        first.Gate = third.Gate;
        await third.StoreAsync("k", Payload, Response, Cancellation);

        var found = new IdempotencyLookup(first, [second, third]).FindEverywhereAsync("k", Cancellation);
        (first.Queries, second.Queries, third.Queries).ShouldBe((1, 1, 1));
        third.Gate.SetResult();

        (await found).ShouldBe((null, true));
    }

    private Task<Result<StoredResponse>> Execute()
    {
        executed++;
        return Task.FromResult<Result<StoredResponse>>(Response);
    }

    private sealed class FakeKeys : IIdempotencyKeys
    {
        public ConcurrentDictionary<string, IdempotencyRecord> Stored { get; } = new();

        public TaskCompletionSource? Gate { get; set; }

        public int Queries { get; private set; }

        public int FailuresToKeep { get; set; }

        public async Task<IdempotencyRecord?> FindAsync(string key, CancellationToken cancellation)
        {
            Queries++;
            await (Gate?.Task ?? Task.CompletedTask);
            return Stored.GetValueOrDefault(key);
        }

        public async Task<bool> ContainsAsync(string key, CancellationToken cancellation) =>
            await FindAsync(key, cancellation) is not null;

        public Task StoreAsync(string key, byte[] payload, StoredResponse answer, CancellationToken cancellation)
        {
            if (FailuresToKeep-- > 0)
                throw new StorageUnavailableException("away");
            Stored.TryAdd(key, new IdempotencyRecord(payload, answer, null));
            return Task.CompletedTask;
        }
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Elasticsearch;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Mapping;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.Testing;
using Monolith.Testing.Processes;

namespace Monolith.Projections.Elasticsearch.Tests;

/// <summary>Rows in indexes of the test, on the server that tests share. They are read over HTTP.</summary>
internal sealed class ElasticsearchUnderTest : StoreUnderTest
{
    private const int TooLong = 40_000;
    private const int RowsAtOnce = 1_000;
    private const string Projection = "shop.counters";

    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    private readonly LoggerFactory loggers = new();
    private readonly TestElasticsearch? elasticsearch;
    private (Uri? Url, string Prefix) server;
    private ElasticsearchSettings settings = null!;
    private StoreNames names = null!;
    private ElasticsearchClient client = null!;

    /// <param name="elasticsearch">The server. The indexes of the test are removed at the end.</param>
    public ElasticsearchUnderTest(TestElasticsearch elasticsearch) =>
        (this.elasticsearch, server) = (elasticsearch, (null, elasticsearch.NewPrefix()));

    /// <param name="url">The address of a server whose indexes are kept.</param>
    /// <param name="prefix">The prefix of the names of the indexes.</param>
    public ElasticsearchUnderTest(Uri url, string prefix) => server = (url, prefix);

    /// <summary>The log of the stores.</summary>
    public RecordedLog Log { get; } = new();

    /// <summary>The client for requests without the store.</summary>
    public ElasticsearchClient Client => client;

    /// <summary>The names of the indexes.</summary>
    public StoreNames Names => names;

    /// <summary>Inserts a handler between the server and stores that are opened later.</summary>
    public Func<HttpMessageHandler>? Handler { get; set; }

    public override string Name => "elasticsearch";

    public override bool IsRemote => true;

    public override (string Name, string Reason) Refused => (new string('x', TooLong), "failed to parse field [name] of type [keyword]");

    /// <summary>The mapping of counters to documents.</summary>
    public static ElasticsearchMapping<Guid, TRow> MappingOf<TRow>()
        where TRow : class
    {
        var mapping =
            new ElasticsearchMapping<Guid, TRow>((JsonTypeInfo<TRow>)Json.GetTypeInfo(typeof(TRow)), Of<TRow, Guid>("CounterId")!);
        return Of<TRow, string?>("Name") is { } name ? mapping.Keyword("name", name) : mapping;
    }

    public override async Task PrepareAsync()
    {
        loggers.AddProvider(Log);
        server.Url ??= (await elasticsearch!.ServerAsync()).Url;
        settings = new ElasticsearchSettings(
            new ConfigurationBuilder()
                .AddInMemoryCollection([new("Elasticsearch:Url", server.Url.ToString()), new("Elasticsearch:Prefix", server.Prefix)])
                .Build());
        names = new StoreNames(server.Prefix, Projection);
        client = new ElasticsearchClient(settings, TimeProvider.System);
    }

    public override async ValueTask DisposeAsync()
    {
        loggers.Dispose();
        if (client is null)
            return;
        client.Dispose();
        if (elasticsearch is not null)
            await (await elasticsearch.ServerAsync()).ForgetAsync(server.Prefix);
    }

    public override OpenedStore<TRow> Open<TRow>(ProjectionDefinition definition)
    {
        var ownClient = new ElasticsearchClient(settings, TimeProvider.System, Handler?.Invoke());
        var store = new ElasticsearchStore<Guid, TRow>(
            definition, MappingOf<TRow>(), ownClient, server.Prefix, loggers.CreateLogger("elasticsearch"));
        return new(store, () =>
        {
            store.Dispose();
            ownClient.Dispose();
            return ValueTask.CompletedTask;
        });
    }

    public override async Task<List<TRow>> SeenAsync<TRow>(string? snapshot = null)
    {
        var rows = new List<TRow>();
        var after = "";
        while (true)
        {
            var query = Encoding.UTF8.GetBytes(
                $"{{\"size\":{RowsAtOnce},\"query\":{ElasticsearchFields.AllRows},\"sort\":[\"{ElasticsearchFields.Key}\"]{after}}}");
            var found =
                await OnIndexAsync(async index => await index.SearchAsync(query, snapshot, CancellationToken.None), snapshot is not null);
            using var hits = found.Value;
            var some = hits.Hits.ToArray();
            rows.AddRange(some.Select(hit => hit.Row((JsonTypeInfo<TRow>)Json.GetTypeInfo(typeof(TRow)))));
            if (some.Length < RowsAtOnce)
                return rows;
            after = $",\"search_after\":[\"{some[^1].Key}\"]";
        }
    }

    public override Task<bool> HasSnapshotAsync(string snapshot) => OnIndexAsync(async index =>
    {
        var found = await index.SearchAsync("{}"u8.ToArray(), snapshot, CancellationToken.None);
        if (found.Error is not null)
            return false;
        found.Value.Dispose();
        return true;
    }, prepared: true);

    public override Task<CounterReader> NewReaderAsync()
    {
        var (store, closeAsync) = Open<CounterRow>(SampleProjections.Concurrent(Logs.Shop.Catalogue));
        var index = ((ElasticsearchStore<Guid, CounterRow>)store).Index;
        var json = (JsonTypeInfo<CounterRow>)Json.GetTypeInfo(typeof(CounterRow));
        return Task.FromResult(new CounterReader(
            async counter =>
            {
                var filter = QueryJson.All(QueryJson.Term(ElasticsearchFields.Key, counter.ToString()), ElasticsearchFields.AllRows);
                var query = Encoding.UTF8.GetBytes($"{{\"query\":{filter}}}");
                using var hits = (await index.SearchAsync(query, null, CancellationToken.None)).Value;
                return hits.Hits.Select(hit => hit.Row(json).Events).SingleOrDefault();
            },
            closeAsync));
    }

    public override async Task<bool> HasRowsAsync(int generation) =>
        (
            await client.SendAsync(
                new ElasticsearchRequest(HttpMethod.Head, names.Of(generation)), RetryPolicy.OfSteps, CancellationToken.None)).IsSuccess;

    public override async Task<string?> LeftOfAsync(int generation)
    {
        if (await HasRowsAsync(generation))
            return "its index";
        var (store, closeAsync) = Open<CounterRow>(SampleProjections.Concurrent(Logs.Shop.Catalogue));
        await store.Registry.PrepareAsync(CancellationToken.None);
        var left = (await store.Registry.CheckpointsAsync(generation, CancellationToken.None)).Count > 0 ? "its checkpoints"
            : (await store.Registry.DeadLettersAsync(int.MaxValue, CancellationToken.None))
                .Any(deadLetter => deadLetter.Generation == generation) ? "its dead letters"
            : null;
        await closeAsync();
        return left;
    }

    public override async Task DamageAsync(int generation, IReadOnlyList<CounterRow> written, IReadOnlyList<Guid> removed)
    {
        foreach (var some in written.Chunk(RowsAtOnce))
        {
            using var body = new BulkBody();
            foreach (var row in some)
            {
                var writer = body.Begin(row.CounterId.ToString());
                writer.WriteRawValue(
                    $$$"""{"doc":{"row":{{{JsonSerializer.Serialize(row, Json)}}},"key":"{{{row.CounterId}}}","partition":0,"next":0}}""");
                body.End();
            }

            await ChangeAsync(generation, body);
        }

        using var deletions = new BulkBody();
        foreach (var key in removed)
            deletions.Delete(key.ToString());
        if (removed.Count > 0)
            await ChangeAsync(generation, deletions);
    }

    public override async Task<string> RefuseRecordsAsync()
    {
        (
            await client.SendAsync(
                new ElasticsearchRequest(HttpMethod.Put, $"{names.Registry}/_block/write"), RetryPolicy.OfSteps, CancellationToken.None))
            .EnsureSuccess();
        return "FORBIDDEN/8/index write";
    }

    public override Task TakeRecordsAsync() => UnblockAsync(names.Registry);

    /// <summary>Unblocks writes to an index.</summary>
    public async Task UnblockAsync(string index) =>
        (
            await client.SendAsync(
                ElasticsearchRequest.Put($"{index}/_settings", """{"index":{"blocks.write":null}}"""),
                RetryPolicy.OfSteps,
                CancellationToken.None))
            .EnsureSuccess();

    /// <summary>Makes the claims of builds expire.</summary>
    public async Task ExpireClaimsAsync()
    {
        var document = new ElasticsearchRegistryDocument(client, names);
        while (true)
        {
            var found = (await document.ReadAsync(CancellationToken.None))!;
            var state = RegistryJson.Read(found.Content.Span);
            state = state with
            {
                Generations =
                [
                    .. state.Generations.Select(
                        entry => entry with { Builder = Guid.NewGuid(), BuilderUntil = DateTimeOffset.UtcNow - TimeSpan.FromSeconds(1) })
                ],
            };
            if (await document.WriteAsync(RegistryJson.Write(state), found.Version, CancellationToken.None) is not null)
                return;
        }
    }

    private async Task ChangeAsync(int generation, BulkBody body)
    {
        var answer = await client.SendAsync(
            new ElasticsearchRequest(HttpMethod.Post, $"{names.Of(generation)}/_bulk?refresh=true", body.Lines, IsLines: true),
            RetryPolicy.OfSteps,
            CancellationToken.None);
        using var json = answer.EnsureSuccess().Json();
        json.RootElement.GetProperty("errors").GetBoolean().ShouldBeFalse(json.RootElement.GetRawText());
    }

    // Only snapshots are looked up in the registry.
    private async Task<T> OnIndexAsync<T>(Func<IElasticsearchIndex, Task<T>> look, bool prepared)
    {
        var (store, closeAsync) = Open<CounterRow>(SampleProjections.Concurrent(Logs.Shop.Catalogue));
        if (prepared)
            await store.Registry.PrepareAsync(CancellationToken.None);
        try
        {
            return await look(((ElasticsearchStore<Guid, CounterRow>)store).Index);
        }
        finally
        {
            await closeAsync();
        }
    }

    private static Func<TRow, T>? Of<TRow, T>(string property) =>
        typeof(TRow).GetProperty(property)?.GetMethod?.CreateDelegate<Func<TRow, T>>();
}

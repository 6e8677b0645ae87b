using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.Testing.Processes;

namespace Monolith.Projections.Elasticsearch.Tests;

/// <summary>The contract of the replay engine on Elasticsearch.</summary>
public static class OnElasticsearch
{
    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class RebuildTests(TestPostgres postgres, TestElasticsearch elasticsearch) : RebuildContract(postgres, new ElasticsearchUnderTest(elasticsearch));

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class PoisonTests(TestPostgres postgres, TestElasticsearch elasticsearch) : PoisonContract(postgres, new ElasticsearchUnderTest(elasticsearch));

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class SnapshotTests(TestPostgres postgres, TestElasticsearch elasticsearch) : SnapshotContract(postgres, new ElasticsearchUnderTest(elasticsearch));

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class VerifyTests(TestPostgres postgres, TestElasticsearch elasticsearch) : VerifyContract(postgres, new ElasticsearchUnderTest(elasticsearch));

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class OperatorTests(TestPostgres postgres, TestElasticsearch elasticsearch) : OperatorContract(postgres, new ElasticsearchUnderTest(elasticsearch));

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class VersionTests(TestPostgres postgres, TestElasticsearch elasticsearch) : VersionContract(postgres, new ElasticsearchUnderTest(elasticsearch));

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class InterruptionTests(TestPostgres postgres, TestElasticsearch elasticsearch) : InterruptionContract(postgres, new ElasticsearchUnderTest(elasticsearch));

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class RandomHistoryTests(TestPostgres postgres, TestElasticsearch elasticsearch) : RandomHistoryContract(postgres, histories: 10, () => new ElasticsearchUnderTest(elasticsearch));

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class SharedStoreTests(TestPostgres postgres, TestElasticsearch elasticsearch) : SharedStoreContract(postgres, new ElasticsearchUnderTest(elasticsearch))
    {
        private protected override Task ExpireClaimsAsync() => ((ElasticsearchUnderTest)Store).ExpireClaimsAsync();
    }

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class DocumentRegistryTests(TestElasticsearch elasticsearch) : DocumentRegistryContract(new ElasticsearchUnderTest(elasticsearch));

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class KilledWriterTests(TestElasticsearch elasticsearch) : KilledWriterContract(At, goesOnFirst: true), IAsyncDisposable
    {
        private string? prefix;

        // The process that is killed finds there where the server is.
        private protected override async Task PrepareAsync(string folder)
        {
            prefix = elasticsearch.NewPrefix();
            await File.WriteAllLinesAsync(PlaceOf(folder), [(await elasticsearch.ServerAsync()).Url.ToString(), prefix]);
        }

        public async ValueTask DisposeAsync()
        {
            if (prefix is not null)
                await (await elasticsearch.ServerAsync()).ForgetAsync(prefix);
        }

        private static ElasticsearchUnderTest At(string folder)
        {
            var place = File.ReadAllLines(PlaceOf(folder));
            return new ElasticsearchUnderTest(new Uri(place[0]), place[1]);
        }

        private static string PlaceOf(string folder) => $"{folder}.place";
    }
}

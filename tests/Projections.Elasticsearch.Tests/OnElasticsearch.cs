using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.Testing.Processes;

namespace Monolith.Projections.Elasticsearch.Tests;

/// <summary>The contract of the replay engine on Elasticsearch.</summary>
public static class OnElasticsearch
{
    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class RebuildTests(TestElasticsearch elasticsearch) : RebuildContract(new ElasticsearchUnderTest(elasticsearch));

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class PoisonTests(TestElasticsearch elasticsearch) : PoisonContract(new ElasticsearchUnderTest(elasticsearch));

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class SnapshotTests(TestElasticsearch elasticsearch) : SnapshotContract(new ElasticsearchUnderTest(elasticsearch));

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class VerifyTests(TestElasticsearch elasticsearch) : VerifyContract(new ElasticsearchUnderTest(elasticsearch));

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class OperatorTests(TestElasticsearch elasticsearch) : OperatorContract(new ElasticsearchUnderTest(elasticsearch));

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class VersionTests(TestElasticsearch elasticsearch) : VersionContract(new ElasticsearchUnderTest(elasticsearch));

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class InterruptionTests(TestElasticsearch elasticsearch)
        : InterruptionContract(new ElasticsearchUnderTest(elasticsearch));

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class RandomHistoryTests(TestElasticsearch elasticsearch)
        : RandomHistoryContract(histories: 10, () => new ElasticsearchUnderTest(elasticsearch));

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class SharedStoreTests(TestElasticsearch elasticsearch) : SharedStoreContract(new ElasticsearchUnderTest(elasticsearch))
    {
        protected override Task ExpireClaimsAsync() => ((ElasticsearchUnderTest)Store).ExpireClaimsAsync();
    }

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class DocumentRegistryTests(TestElasticsearch elasticsearch)
        : DocumentRegistryContract(new ElasticsearchUnderTest(elasticsearch));

    [Collection(TestElasticsearch.Turns)]
    [Trait("Category", "Module")]
    public sealed class KilledWriterTests(TestElasticsearch elasticsearch) : KilledWriterContract(At, goesOnFirst: true), IAsyncDisposable
    {
        private string? prefix;

        // The killed process reads the address of the server from this file.
        protected override async Task PrepareAsync(string folder)
        {
            prefix = elasticsearch.NewPrefix();
            await File.WriteAllLinesAsync(AddressFileOf(folder), [(await elasticsearch.ServerAsync()).Url.ToString(), prefix]);
        }

        public async ValueTask DisposeAsync()
        {
            if (prefix is not null)
                await (await elasticsearch.ServerAsync()).ForgetAsync(prefix);
        }

        private static ElasticsearchUnderTest At(string folder)
        {
            var address = File.ReadAllLines(AddressFileOf(folder));
            return new ElasticsearchUnderTest(new Uri(address[0]), address[1]);
        }

        private static string AddressFileOf(string folder) => $"{folder}.address";
    }
}

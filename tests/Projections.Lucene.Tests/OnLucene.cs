using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Contract.Sample;

namespace Monolith.Projections.Lucene.Tests;

/// <summary>The contract of the replay engine on Lucene.</summary>
public static class OnLucene
{
    [Trait("Category", "Module")]
    public sealed class RebuildTests(TestPostgres postgres) : RebuildContract(postgres, new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class PoisonTests(TestPostgres postgres) : PoisonContract(postgres, new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class SnapshotTests(TestPostgres postgres) : SnapshotContract(postgres, new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class VerifyTests(TestPostgres postgres) : VerifyContract(postgres, new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class OperatorTests(TestPostgres postgres) : OperatorContract(postgres, new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class VersionTests(TestPostgres postgres) : VersionContract(postgres, new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class InterruptionTests(TestPostgres postgres) : InterruptionContract(postgres, new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class OnePageTests(TestPostgres postgres) : OneBatchContract(postgres, new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class RandomHistoryTests(TestPostgres postgres) : RandomHistoryContract(postgres, histories: 20, () => new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class DocumentRegistryTests() : HeldBatchContract(new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class KilledWriterTests() : KilledWriterContract(folder => new LuceneUnderTest(folder));
}

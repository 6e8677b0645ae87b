using Monolith.BuildingBlocks.Projections.Contract;

namespace Monolith.Projections.Lucene.Tests;

/// <summary>The contract of the replay engine on Lucene.</summary>
public static class OnLucene
{
    [Trait("Category", "Module")]
    public sealed class RebuildTests() : RebuildContract(new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class PoisonTests() : PoisonContract(new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class SnapshotTests() : SnapshotContract(new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class VerifyTests() : VerifyContract(new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class OperatorTests() : OperatorContract(new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class VersionTests() : VersionContract(new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class InterruptionTests() : InterruptionContract(new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class OnePageTests() : OneBatchContract(new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class RandomHistoryTests() : RandomHistoryContract(histories: 20, () => new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class DocumentRegistryTests() : HeldBatchContract(new LuceneUnderTest());

    [Trait("Category", "Module")]
    public sealed class KilledWriterTests() : KilledWriterContract(folder => new LuceneUnderTest(folder));
}

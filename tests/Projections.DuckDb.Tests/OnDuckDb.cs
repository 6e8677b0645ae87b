using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Contract.Sample;

namespace Monolith.Projections.DuckDb.Tests;

/// <summary>The contract of the replay engine on DuckDB.</summary>
public static class OnDuckDb
{
    [Trait("Category", "Module")]
    public sealed class RebuildTests(TestPostgres postgres) : RebuildContract(postgres, new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class PoisonTests(TestPostgres postgres) : PoisonContract(postgres, new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class SnapshotTests(TestPostgres postgres) : SnapshotContract(postgres, new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class VerifyTests(TestPostgres postgres) : VerifyContract(postgres, new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class OperatorTests(TestPostgres postgres) : OperatorContract(postgres, new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class VersionTests(TestPostgres postgres) : VersionContract(postgres, new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class InterruptionTests(TestPostgres postgres) : InterruptionContract(postgres, new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class OnePageTests(TestPostgres postgres) : OneBatchContract(postgres, new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class RandomHistoryTests(TestPostgres postgres) : RandomHistoryContract(postgres, histories: 20, () => new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class DocumentRegistryTests() : HeldBatchContract(new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class KilledWriterTests() : KilledWriterContract(folder => new DuckDbUnderTest(folder));
}

using Confluent.Kafka;
using Monolith.BuildingBlocks.Events.Kafka;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.Events.Kafka.Tests;

[Trait("Category", "Unit")]
public sealed class DeletedRecordReportsTests
{
    private const string Log = "shop.events";

    private static readonly LogPartition First = new(Log, 0);
    private static readonly DeletedRecords Missing = new(20, 20, "here", "deleted");

    private readonly TopicSources sources = new();
    private readonly PartitionStarts starts = new();
    private readonly List<ReaderEvent> published = [];
    private readonly DeletedRecordReports reports;
    private IReadOnlyDictionary<int, DeletedRecords> found = new Dictionary<int, DeletedRecords>();

    public DeletedRecordReportsTests()
    {
        reports = new DeletedRecordReports([Log], _ => found, sources);
        sources.Note(Log, "here");
        var claim = new ClaimedPartition(new Checkpoint(First, 1, 0, null, 0, null), Refusal: null);
        starts.Start(claim, new TopicPartitionOffset(Log, 0, Offset.Beginning), firstPosition: 0);
    }

    [Fact]
    public void Each_change_is_reported_once()
    {
        Find(Missing);
        Find(Missing with { });
        Find(null);
        Find(null);

        published.ShouldBe([new ReaderEvent.RecordsDeleted(First, Missing), new ReaderEvent.RecordsDeleted(First, null)]);
    }

    [Fact]
    public void Records_of_another_topic_are_not_reported()
    {
        sources.Note(Log, "there").ShouldBeTrue("the topic was recreated");

        Find(Missing);

        reports.Of(First).ShouldBeNull();
        published.ShouldBeEmpty();
    }

    [Fact]
    public void Assignment_reports_deleted_records_again()
    {
        Find(Missing);

        reports.ReportAssigned(First, reports.Of(First), published.Add);

        published.ShouldBe([new ReaderEvent.RecordsDeleted(First, Missing), new ReaderEvent.RecordsDeleted(First, Missing)]);
    }

    private void Find(DeletedRecords? records)
    {
        found = records is null ? new Dictionary<int, DeletedRecords>() : new Dictionary<int, DeletedRecords> { [0] = records };
        reports.ReportChanges(starts, published.Add);
    }
}

using Monolith.BuildingBlocks.Events.Kafka;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.Events.Kafka.Tests;

[Trait("Category", "Unit")]
public sealed class PartitionClaimsTests
{
    private static readonly LogPartition First = new("shop.events", 0);
    private static readonly LogPartition Second = new("shop.events", 1);
    private static readonly LogPartition Other = new("stock.events", 0);

    private readonly PartitionClaims claims = new();

    [Fact]
    public void Assigned_partitions_are_claimed_once()
    {
        claims.Assign([First, Second]);
        claims.Assigned.ShouldBe(2);
        claims.Due.ShouldBe([First, Second], ignoreOrder: true);

        Claimed(7, First, Second);

        claims.Due.ShouldBeEmpty();
    }

    [Fact]
    public void Lost_partition_is_claimed_again()
    {
        claims.Assign([First]);
        Claimed(7, First);

        claims.Request([new LostPartition(First, 7)]);
        claims.AcceptRequests();

        claims.Due.ShouldBe([First]);
    }

    [Fact]
    public void Loss_of_an_earlier_epoch_is_ignored()
    {
        claims.Assign([First]);
        Claimed(8, First);

        claims.Request([new LostPartition(First, 7)]);
        claims.AcceptRequests();

        claims.Due.ShouldBeEmpty();
    }

    [Fact]
    public void Revoked_partitions_are_not_claimed()
    {
        claims.Assign([First, Second]);
        Claimed(7, First);
        claims.NoteRefused(First, isRefused: true);
        claims.Request([new LostPartition(First, 7)]);

        claims.Revoke([First, Second]);
        claims.AcceptRequests();
        claims.RetryRefused();
        claims.ClaimAgain("shop.events");

        claims.Assigned.ShouldBe(0);
        claims.Due.ShouldBeEmpty();
    }

    [Fact]
    public void Refused_partition_is_claimed_again_until_accepted()
    {
        claims.Assign([First, Second]);
        Claimed(7, First, Second);
        claims.NoteRefused(First, isRefused: true);

        claims.RetryRefused();
        claims.Due.ShouldBe([First]);

        Claimed(8, First);
        claims.NoteRefused(First, isRefused: false);
        claims.RetryRefused();
        claims.Due.ShouldBeEmpty();
    }

    [Fact]
    public void Recreated_topic_is_claimed_again()
    {
        claims.Assign([First, Second, Other]);
        Claimed(7, First, Second, Other);

        claims.ClaimAgain("shop.events");

        claims.Due.ShouldBe([First, Second], ignoreOrder: true);
    }

    private void Claimed(long epoch, params LogPartition[] partitions) =>
        claims.NoteClaimed(partitions, [.. partitions.Select(partition => new Checkpoint(partition, epoch, 0, null, 0, null))]);
}

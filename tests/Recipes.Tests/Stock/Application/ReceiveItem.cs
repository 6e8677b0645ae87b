using System.Text.Json.Serialization;
using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Stock.Domain;

namespace Monolith.Modules.Stock.Application;

/// <summary>Receives a delivery of an item.</summary>
internal sealed record ReceiveItem(int Quantity) : ICommand<ItemView>, IConditional
{
    [JsonIgnore]
    public Guid ItemId { get; init; }

    [JsonIgnore]
    public long? ExpectedVersion { get; init; }
}

internal sealed class ReceiveItemValidator : AbstractValidator<ReceiveItem>
{
    public ReceiveItemValidator() => RuleFor(c => c.Quantity).Follows(ItemRules.Quantity);
}

internal sealed class ReceiveItemHandler(IItems items, TimeProvider clock) : ICommandHandler<ReceiveItem, ItemView>
{
    public async Task<Result<ItemView>> Handle(ReceiveItem command, CancellationToken cancellationToken)
    {
        var found = await items.Load(command.ItemId, command.ExpectedVersion, cancellationToken);
        if (!found.TryGet(out var item, out var error))
            return error;

        if (item.Receive(command.Quantity, clock.GetUtcNow()) is { } refusal)
            return refusal;

        return ItemView.Of(item);
    }
}

using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Writing;

namespace Monolith.BuildingBlocks.Reactors;

/// <summary>The context in which a reactor handles one event: sends commands that name the event as their cause.</summary>
/// <param name="reactor">The reactor's name.</param>
/// <param name="cause">The event.</param>
/// <param name="scopes">Creates a scope for each command.</param>
public sealed class Reaction(string reactor, Event cause, IServiceScopeFactory scopes)
{
    private const int UuidBytes = 16;

    /// <summary>The event that caused the reaction.</summary>
    public Event Cause => cause;

    /// <summary>The actor of the commands' events: <c>reactor:orders.cancel-orders-of-deactivated</c>.</summary>
    public string Actor { get; } = $"reactor:{reactor}";

    /// <summary>
    /// An idempotency key that is the same for every attempt of this reactor at this event, and unique otherwise: a UUID of version 8, from
    /// the reactor's name and the event's id.
    /// </summary>
    public Guid IdempotencyKey { get; } = KeyOf(reactor, cause.Id);

    /// <summary>Sends a command in a new scope, with the event as its cause.</summary>
    /// <typeparam name="T">The result of the command.</typeparam>
    /// <param name="command">The command.</param>
    /// <param name="cancellation">Cancels the operation before the commit.</param>
    public async Task<Result<T>> SendAsync<T>(ICommand<T> command, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<CommandContext>();
        context.Actor = Actor;
        context.CausationId = cause.Id;
        context.CorrelationId = cause.Envelope.CorrelationId;
        var outcome = await scope.ServiceProvider.GetRequiredService<IDispatcher>().Send(command, cancellation);
        return outcome.Result;
    }

    private static Guid KeyOf(string reactor, Guid eventId)
    {
        // The id always has 16 bytes, so that two different pairs never give the same input.
        var bytes = SHA256.HashData([.. Encoding.UTF8.GetBytes(reactor), .. eventId.ToByteArray(bigEndian: true)]).AsSpan(0, UuidBytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
